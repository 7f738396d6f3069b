import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { every, type Facts } from './facts.server.ts';

interface Grouping {
  facts: Facts;
  where: SQL[];
  /** Columns of the facts to group by; one answer for each, in one pass over the rows. */
  sets: readonly (readonly string[])[];
  /** `count(*) as ended, …`, over `f`; money as text. */
  figures: SQL;
}

/** The facts counted by each set of columns, in the order of the sets. Ids are numbers, dates and money text. */
export async function grouped<Row extends object>(
  tx: Tx,
  { facts, where, sets, figures }: Grouping
): Promise<Row[][]> {
  const columns = [...new Set(sets.flat())];
  const names = (all: readonly string[]) => sql.raw(all.map((name) => `f.${name}`).join(', '));
  const rows = await tx.execute<{ row: Row & { grouping: number } }>(sql`
    select to_json(g) as row from (
      select ${names(columns)}, grouping(${names(columns)}) as grouping, ${figures}
      from (${facts}) f where ${every(where)}
      group by grouping sets (${sql.join(
        sets.map((set) => sql`(${names(set)})`),
        sql`, `
      )})
    ) g`);
  return sets.map((set) => {
    const mask = maskOf(columns, set);
    return rows.filter(({ row }) => row.grouping === mask).map(({ row }) => row);
  });
}

/** As Postgres has it: a bit for each column that is not grouped by, the last column lowest. */
const maskOf = (columns: readonly string[], set: readonly string[]): number =>
  columns.reduce((mask, column) => mask * 2 + (set.includes(column) ? 0 : 1), 0);
