import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks, type Ending } from './clock-writes.server.ts';
import {
  firstAnswer,
  isAnswer,
  minuteOf,
  RESPONSES,
  type Conversation,
  type Said,
  type WorkKind
} from './conversations.server.ts';
import type { TargetName } from './model.ts';
import { lockClocks, lockOpenClocksOf } from './open-clocks.server.ts';
import { runAgain } from './refresh-undo.server.ts';
import { jsonRows } from './rows.server.ts';
import { cutSegments, runOn } from './segments.server.ts';

/** A response that a message kept. */
interface Answered {
  id: number;
  subjectId: number;
  target: TargetName;
  answeredById: number;
  startedAt: Date;
  endedAt: Date;
  /** When its last segment began: it cannot have ended before. */
  lastFrom: Date;
}

/** A response whose message is gone, with what kept it instead; nothing where it is owed again. */
interface Lost extends Answered {
  instead: (Ending & { state: 'satisfied' | 'cancelled' }) | null;
}

/**
 * Responses are owed again, from when they began, whose message was deleted, belongs to other work now, or turned out
 * to be no answer; they keep the version they ran under, and steps that were carried out stay so. What else was said
 * or done by now keeps them from then on. What followed from an answer that was none is void. Says whether it changed
 * anything.
 */
export async function takeBackAnswers(
  tx: Tx,
  kind: WorkKind,
  conversations: Map<number, Conversation>
): Promise<boolean> {
  const lost = (await readAnswered(tx, kind, [...conversations.keys()])).flatMap((clock) => {
    const conversation = conversations.get(clock.subjectId);
    if (!conversation || stillAnswered(clock, conversation)) return [];
    return [{ ...clock, instead: insteadOf(clock, conversation) }];
  });
  if (lost.length === 0) return false;
  const { real, groundless } = sort(lost);
  await makeVoid(tx, groundless);
  await endOtherwise(tx, real);
  const again = real.filter(({ instead }) => instead === null);
  await runOn(tx, again);
  await runAgain(tx, kind, again, await followersOf(tx, kind, real));
  await noteFirstResponses(tx, kind, real);
  return true;
}

const stillAnswered = (clock: Answered, conversation: Conversation) =>
  conversation.said.some(
    (each) =>
      each.id === clock.answeredById &&
      isAnswer(each, clock, conversation) &&
      Math.max(each.at.getTime(), clock.lastFrom.getTime()) === clock.endedAt.getTime()
  );

/** The next thing that was said or done. Finished work owes nothing, whatever kept it. */
function insteadOf(clock: Answered, conversation: Conversation): Lost['instead'] {
  const { startedAt, doneAt, voidAt, unfinished } = conversation;
  const message = firstAnswer(conversation, clock);
  const deeds = [...doneAt, ...(clock.target === 'first_response' && startedAt ? [startedAt] : [])]
    .filter((at) => at >= clock.startedAt)
    .map((at): Pick<Said, 'at'> => ({ at }));
  const [first] = [...(message ? [message] : []), ...deeds].sort((a, b) => Number(a.at) - Number(b.at));
  if (first) return { state: 'satisfied', ...first };
  return unfinished ? null : { state: 'cancelled', at: voidAt ?? clock.endedAt };
}

/** When a response that is owed again is over; what began before then followed from an answer that was none. */
const owedUntil = ({ instead }: Lost) => instead?.at.getTime() ?? Infinity;

/** In the order in which they began. */
function sort(lost: Lost[]): { real: Lost[]; groundless: Lost[] } {
  const [real, groundless]: [Lost[], Lost[]] = [[], []];
  for (const clock of lost)
    (real.some((earlier) => isWithin(clock, earlier)) ? groundless : real).push(clock);
  return { real, groundless };
}

const isWithin = (clock: { id: number; subjectId: number; startedAt: Date }, lost: Lost) =>
  clock.id !== lost.id &&
  clock.subjectId === lost.subjectId &&
  clock.startedAt >= lost.startedAt &&
  clock.startedAt.getTime() < owedUntil(lost);

async function makeVoid(tx: Tx, clocks: Lost[]): Promise<void> {
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
async function readAnswered(tx: Tx, kind: WorkKind, ids: number[]): Promise<Answered[]> {
  const rows = await jsonRows<AnsweredRow>(
    tx,
    sql`select json_build_object('id', k.id, 'subjectId', k.subject_id, 'target', k.target,
        'answeredById', k.answered_by_id, 'startedAt', k.started_at, 'endedAt', k.ended_at,
        'lastFrom', (select max(g.from_at) from clock_segments g where g.clock_id = k.id)) as row
      from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) wanted
      join clocks k on k.subject_kind = ${kind} and k.subject_id = wanted.value::bigint
      where k.state = 'satisfied' and k.answered_by_id is not null
      order by k.started_at, k.id`
  );
  return rows.map((row) => ({
    ...row,
    startedAt: new Date(row.startedAt),
    endedAt: new Date(row.endedAt),
    lastFrom: new Date(row.lastFrom)
  }));
}
