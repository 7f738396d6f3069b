import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { SUBJECT_KINDS, type SubjectKind } from './model.ts';

/** A record that has changed, and since when its clocks have to follow. */
export interface Note {
  kind: SubjectKind;
  id: number;
  since: Date;
}

interface Batch {
  limit: number;
  /** Only what waits since then or longer. */
  until: Date;
}

export const RECORDS: Record<SubjectKind, SQL> = {
  query: sql`queries`,
  request: sql`service_requests`,
  lead: sql`leads`,
  client: sql`clients`
};

/** So long the steps of a clock wait for a record that cannot be taken in. */
const PATIENCE = sql`interval '10 minutes'`;

/**
 * Something is to be done on a clock `k` now. Where its record has changed and the clock does not follow yet, it may have
 * been kept, or moved, and has to wait; for a record that cannot be taken in it waits ten minutes and no longer.
 */
export const isDue = sql`k.next_action_at <= now() and not exists (
  select 1 from clock_refresh r where r.subject_kind = k.subject_kind and r.subject_id = k.subject_id
    and case when r.failing_since is null then r.since <= now() else r.failing_since > now() - ${PATIENCE} end)`;

/**
 * Takes the notes of at most so many records, and locks the records until the end of the transaction, as system. Waits
 * for nobody: a record that somebody has is left for later, with its note. See decision 0021 for the order of locks.
 */
export async function takeNotes(tx: Tx, { limit, until }: Batch): Promise<Note[]> {
  const taken: Note[] = [];
  for (const kind of SUBJECT_KINDS)
    if (taken.length < limit) taken.push(...(await takeOf(tx, kind, { limit: limit - taken.length, until })));
  if (taken.length === 0) await forgetGone(tx);
  return taken;
}

async function takeOf(tx: Tx, kind: SubjectKind, { limit, until }: Batch): Promise<Note[]> {
  const rows = await tx.execute<{ id: number; since: string }>(sql`
    with free as materialized (
      select r.subject_id from clock_refresh r join ${RECORDS[kind]} w on w.id = r.subject_id
      where r.subject_kind = ${kind} and r.since <= ${until.toISOString()}::timestamptz
      order by r.subject_id limit ${limit}
      for no key update of w skip locked for update of r skip locked)
    delete from clock_refresh r using free
    where r.subject_kind = ${kind} and r.subject_id = free.subject_id
    returning r.subject_id::int8 as id, r.since`);
  return [...rows].map(({ id, since }) => ({ kind, id: Number(id), since: new Date(since) }));
}

/** A record may be deleted in the moment in which it is noted. */
async function forgetGone(tx: Tx): Promise<void> {
  const gone = SUBJECT_KINDS.map(
    (kind) =>
      sql`(r.subject_kind = ${kind} and not exists (select 1 from ${RECORDS[kind]} w where w.id = r.subject_id))`
  );
  await tx.execute(sql`
    delete from clock_refresh d using (
      select subject_kind, subject_id from clock_refresh r where ${sql.join(gone, sql` or `)} for update skip locked) g
    where d.subject_kind = g.subject_kind and d.subject_id = g.subject_id`);
}

/** Lets a record wait until the next tick, since it could not be taken in. */
export async function postponeNote(tx: Tx, { kind, id }: Note, error: string): Promise<void> {
  await tx.execute(sql`
    update clock_refresh set since = clock_timestamp() + interval '45 seconds', error = ${error},
      failing_since = coalesce(failing_since, clock_timestamp())
    where subject_kind = ${kind} and subject_id = ${id}`);
}

/** Notes that records were left when everything that could be taken in was: somebody has them. */
export async function noteLeft(tx: Tx): Promise<void> {
  await tx.execute(sql`
    update clock_refresh r set failing_since = now() from (
      select subject_kind, subject_id from clock_refresh where since <= now() and failing_since is null
      for update skip locked) l
    where r.subject_kind = l.subject_kind and r.subject_id = l.subject_id`);
}

interface Failing extends Record<string, unknown> {
  records: number;
  /** Of the one that has failed for longest. */
  number: string | null;
  error: string | null;
}

/** Records that cannot be taken in for longer than a passing lock would explain; null without one. */
export async function failingNotes(tx: Tx): Promise<Failing | null> {
  const numbers = SUBJECT_KINDS.map(
    (kind) => sql`when ${kind} then (select w.number from ${RECORDS[kind]} w where w.id = r.subject_id)`
  );
  const [row] = await tx.execute<Failing>(sql`
    select count(*) over ()::int as records, r.error, case r.subject_kind ${sql.join(numbers, sql` `)} end as number
    from clock_refresh r where r.error is not null or r.failing_since < now() - ${PATIENCE}
    order by r.failing_since limit 1`);
  return row ?? null;
}
