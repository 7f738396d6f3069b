import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { readConversations, type Conversation } from './conversations.server.ts';
import { firstGiven, openQuestion } from './exchanges.ts';
import { PROMISED_AGAIN } from './explanation.ts';
import { stillOwed } from './lapsed-owed.server.ts';
import type { SubjectKind } from './model.ts';
import { findClocks, lockClocks, type OpenClock } from './open-clocks.server.ts';
import { runOn } from './segments.server.ts';

const isWork = (kind: SubjectKind): kind is 'query' | 'request' => kind === 'query' || kind === 'request';

/**
 * Promises that are void because the policy that fitted then made none of the kind, and that nothing has kept or
 * followed since, locked after their records unless `lock` is false; of a target that runs, none. They are as
 * they were when they lapsed. On leads and clients a round that was void itself followed from nothing: what kept the
 * one before it was taken back.
 */
export async function readLapsed(
  tx: Tx,
  kind: SubjectKind,
  ids: number[],
  { lock = true } = {}
): Promise<OpenClock[]> {
  const found = await tx.execute<{ id: number }>(sql`
    select k.id::int8 as id from clocks k
    where k.subject_kind = ${kind} and k.subject_id = any (${idArray(ids)}) and k.lapsed
      and not exists (select 1 from clocks later
        where later.subject_kind = k.subject_kind and later.subject_id = k.subject_id
          and later.target = k.target and (later.state in ('running', 'paused') or later.round > k.round
            and (${isWork(kind)} or later.lapsed or later.state <> 'cancelled')))`);
  if (found.length === 0) return [];
  const clocks = await (lock ? lockClocks : findClocks)(
    tx,
    [...found].map(({ id }) => Number(id))
  );
  if (!isWork(kind)) return stillOwed(tx, kind, clocks);
  const conversations = await readConversations(tx, kind, [...new Set(clocks.map(subjectIdOf))]);
  return clocks.filter((clock) => isOwed(clock, conversations.get(clock.subjectId)));
}

const subjectIdOf = ({ subjectId }: OpenClock) => subjectId;

/** Those on work are owed until somebody answers. */
function isOwed({ target, terms: { startedAt } }: OpenClock, work: Conversation | undefined): boolean {
  if (!work?.unfinished) return false;
  if (target === 'first_response') {
    const first = { startedAt, isOpen: true, keptAt: null };
    return !work.respondedAt && !work.startedAt && !firstGiven({ ...work, first });
  }
  if (target === 'next_response') return openQuestion(work)?.askedAt.getTime() === startedAt.getTime();
  return true;
}

/**
 * Lets promises that had lapsed run again, from their own start and through the hands in which the work has been
 * since. Returns them as they are stored then; planning them anew is the caller's, see `replan`.
 */
export async function runLapsed(tx: Tx, kind: SubjectKind, lapsed: OpenClock[]): Promise<OpenClock[]> {
  if (lapsed.length === 0) return [];
  const ids = lapsed.map(({ id }) => id);
  await runOn(
    tx,
    lapsed.flatMap(({ id, segments }) => {
      const endedAt = segments.at(-1)?.to;
      return endedAt ? [{ id, endedAt }] : [];
    }),
    PROMISED_AGAIN
  );
  await tx.execute(sql`
    update clocks set state = 'running', lapsed = false, ended_at = null, calendar_version = null,
      minutes_target = null, minutes_used = null, minutes_over = null, minutes_ours = null,
      minutes_third_party = null, minutes_client = null
    where id = any (${idArray(ids)})`);
  if (isWork(kind)) await giveToWhoeverHasIt(tx, kind, ids);
  return lockClocks(tx, ids);
}

/** Work may have changed hands while no clock ran that would know. */
async function giveToWhoeverHasIt(tx: Tx, kind: 'query' | 'request', ids: number[]): Promise<void> {
  const work = kind === 'query' ? sql`queries` : sql`service_requests`;
  await tx.execute(sql`
    with has as (
      select k.id, coalesce(w.waiting_on, 'ours') as kind, coalesce(w.waiting_why, 'Resumed') as cause
      from clocks k join ${work} w on w.id = k.subject_id where k.id = any (${idArray(ids)})),
    passed as (
      update clock_segments g set to_at = greatest(now(), g.from_at) from has
      where g.clock_id = has.id and g.to_at is null and g.kind <> has.kind
      returning g.clock_id, g.to_at)
    insert into clock_segments (clock_id, kind, cause, user_id, from_at)
    select has.id, has.kind, has.cause, app.user_id(), passed.to_at
    from has join passed on passed.clock_id = has.id`);
}
