import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { isWithin, verdictOf, type Answered, type Lost } from './answers-lost.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { minuteOf, RESPONSES, type Conversation, type WorkKind } from './conversations.server.ts';
import { lockClocks, lockOpenClocksOf } from './open-clocks.server.ts';
import { runAgain } from './refresh-undo.server.ts';
import { jsonRows } from './rows.server.ts';
import { cutSegments, runOn } from './segments.server.ts';

/**
 * Responses are owed again, from when they began, whose message was deleted, belongs to other work now, or turned out
 * to be no answer; they keep the version they ran under, and steps that were carried out stay so. What else was said
 * or done by now keeps them from then on. What followed from an answer that was none, or from a question that is gone,
 * is void, kept or not. Says whether it changed anything.
 */
export async function takeBackAnswers(
  tx: Tx,
  kind: WorkKind,
  conversations: Map<number, Conversation>
): Promise<boolean> {
  const kept = await readKept(tx, kind, [...conversations.keys()]);
  const { lost, groundless } = verdictOf(kept, conversations);
  if (lost.length + groundless.length === 0) return false;
  await makeVoid(tx, groundless);
  await beginOtherwise(tx, lost);
  await endOtherwise(tx, lost);
  const again = lost.filter(({ instead }) => instead === null);
  await runOn(tx, again);
  await runAgain(tx, kind, again, await followersOf(tx, kind, lost));
  await noteFirstResponses(tx, kind, lost);
  return true;
}

/**
 * Another message than the one that it began with is the first that was asked, before it ended: some of its time is
 * left then. Whoever ends it says whether it was late.
 */
async function beginOtherwise(tx: Tx, lost: Lost[]): Promise<void> {
  const rows = lost.flatMap(({ id, askedAt }) => (askedAt ? [{ id, at: askedAt }] : []));
  if (rows.length === 0) return;
  await tx.execute(sql`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(id bigint, at timestamptz)),
    gone as (
      delete from clock_segments g using asked where g.clock_id = asked.id and g.to_at <= asked.at),
    first as (
      update clock_segments g set from_at = asked.at from asked
      where g.id = (
        select s.id from clock_segments s where s.clock_id = asked.id and s.to_at > asked.at order by s.id limit 1))
    update clocks k set started_at = asked.at, breached_at = null from asked where k.id = asked.id`);
}

async function makeVoid(tx: Tx, clocks: Answered[]): Promise<void> {
  if (clocks.length === 0) return;
  await tx.execute(sql`
    update clocks set state = 'cancelled', answered_by_id = null, updated_at = now()
    where id in (select value::bigint from jsonb_array_elements_text(
      ${JSON.stringify(clocks.map(({ id }) => id))}::text::jsonb))`);
}

/** Kept by something else, or void with the work itself. */
async function endOtherwise(tx: Tx, lost: Lost[]): Promise<void> {
  const endings = new Map(lost.flatMap(({ id, instead }) => (instead ? [[id, instead] as const] : [])));
  if (endings.size === 0) return;
  const ended = lost.flatMap((clock) => (clock.instead ? [{ ...clock, until: clock.instead.at }] : []));
  await cutSegments(
    tx,
    ended.filter(({ until, endedAt }) => until <= endedAt)
  );
  await runOn(
    tx,
    ended.filter(({ until, endedAt }) => until > endedAt)
  );
  const clocks = await lockClocks(tx, [...endings.keys()]);
  for (const state of ['satisfied', 'cancelled'] as const) {
    const these = clocks.filter(({ id }) => endings.get(id)?.state === state);
    await endClocks(tx, these, state, ({ id, now }) => endings.get(id) ?? { at: now });
  }
}

async function followersOf(tx: Tx, kind: WorkKind, lost: Lost[]) {
  const open = await lockOpenClocksOf(
    tx,
    kind,
    lost.map(({ subjectId }) => subjectId)
  );
  return open.filter(
    ({ id, subjectId, target, terms: { startedAt } }) =>
      RESPONSES.includes(target) && lost.some((each) => isWithin({ id, subjectId, startedAt }, each))
  );
}

/** As far as the answer that is gone was noted as the first. */
async function noteFirstResponses(tx: Tx, kind: WorkKind, lost: Lost[]): Promise<void> {
  if (kind !== 'query') return;
  const rows = lost.map(({ subjectId, startedAt, endedAt, instead }) => ({
    id: subjectId,
    from: new Date(minuteOf(startedAt)),
    to: endedAt,
    at: instead?.state === 'satisfied' ? instead.at : null
  }));
  await tx.execute(sql`
    update queries q set first_responded_at = w.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(
      id bigint, "from" timestamptz, "to" timestamptz, at timestamptz)
    where q.id = w.id and date_trunc('milliseconds', q.first_responded_at) between w."from" and w."to"`);
}

type AnsweredRow = Omit<Answered, 'startedAt' | 'endedAt' | 'lastFrom'> &
  Record<'startedAt' | 'endedAt' | 'lastFrom', string>;

/** In the order in which they began. */
async function readKept(tx: Tx, kind: WorkKind, ids: number[]): Promise<Answered[]> {
  const rows = await jsonRows<AnsweredRow>(
    tx,
    sql`select json_build_object('id', k.id, 'subjectId', k.subject_id, 'target', k.target,
        'answeredById', k.answered_by_id, 'startedAt', k.started_at, 'endedAt', k.ended_at,
        'lastFrom', (select max(g.from_at) from clock_segments g where g.clock_id = k.id)) as row
      from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) wanted
      join clocks k on k.subject_kind = ${kind} and k.subject_id = wanted.value::bigint
      where k.state = 'satisfied' and k.target in ('first_response', 'next_response')
      order by k.started_at, k.id`
  );
  return rows.map((row) => ({
    ...row,
    startedAt: new Date(row.startedAt),
    endedAt: new Date(row.endedAt),
    lastFrom: new Date(row.lastFrom)
  }));
}
