import { sql } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';

/** A clock of a lead or a client, in its rounds. */
interface Promised extends Record<string, unknown> {
  target: string;
  round: number;
  state: string;
  startedAt: Date;
  onDate: string | null;
  dueAt: Date | null;
  endedAt: Date | null;
  breachedAt: Date | null;
}

const toDate = (text: string | null) => (text === null ? null : new Date(text));

/** Everything that was promised on a record, the oldest round of each target first. */
export async function promisesOn(kind: SubjectKind, id: number): Promise<Promised[]> {
  const rows = await asSystem((tx) =>
    tx.execute<Record<string, string | null>>(sql`
      select target, round::text, state, started_at::text as started, on_date::text as "onDate", due_at::text as due,
        ended_at::text as ended, breached_at::text as breached
      from clocks where subject_kind = ${kind} and subject_id = ${id} order by target, round`)
  );
  return [...rows].map((row) => ({
    target: row.target ?? '',
    round: Number(row.round),
    state: row.state ?? '',
    startedAt: new Date(row.started ?? Number.NaN),
    onDate: row.onDate ?? null,
    dueAt: toDate(row.due ?? null),
    endedAt: toDate(row.ended ?? null),
    breachedAt: toDate(row.breached ?? null)
  }));
}
