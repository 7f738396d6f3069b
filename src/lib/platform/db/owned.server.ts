import { and, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Tx } from './transactions.server.ts';

/** Up to here totals are counted; beyond they are estimated. */
export const COUNTED = 1000;

interface Owned {
  table: PgTable;
  id: AnyPgColumn;
  filter: SQL | undefined;
  /**
   * Conditions one of which holds for every row the actor sees, each served by an index; none for those who see
   * nearly everything. Row level security decides all the same: these only say where to look.
   */
  owners: SQL[];
  /** Administrators: their policy is one yes or no, which the planner takes for half of the rows. */
  seesAll: boolean;
}

export interface Found {
  total: number;
  totalIsEstimate: boolean;
  /** Narrows the list to the rows that were found, where they are few; else the filter as it came. */
  where: SQL | undefined;
}

/**
 * Counts what the actor sees of a table. One policy with several reasons makes a plan walk everything, so for
 * somebody who sees little the rows are gathered reason by reason, each through its index; once there are too many
 * to count, an ordered walk meets enough of them soon, and the page is read that way.
 */
export async function findOwned(tx: Tx, { table, id, filter, owners, seesAll }: Owned): Promise<Found> {
  const parts =
    owners.length > 0 ? owners.map((owner, index) => disjoint(owners, owner, index)) : [undefined];
  const branches = parts.map(
    (part) => sql`(select ${id} from ${table} where ${and(part, filter) ?? sql`true`})`
  );
  const all = sql.join(branches, sql` union all `);
  const [row] = await tx.execute<{ ids: number[]; total: number }>(
    owners.length > 0
      ? sql`select coalesce(array_agg(f.id), '{}') as ids, count(*)::int as total from (select * from (${all}) g(id) limit ${COUNTED + 1}) f`
      : sql`select '{}'::bigint[] as ids, count(*)::int as total from (select 1 from (${all}) g(id) limit ${COUNTED + 1}) f`
  );
  const total = row?.total ?? 0;
  if (total > COUNTED)
    return { total: await estimateRows(tx, all, seesAll ? 2 : 1), totalIsEstimate: true, where: filter };
  return { total, totalIsEstimate: false, where: owners.length > 0 ? amongIds(id, row?.ids ?? []) : filter };
}

/** The column holds one of the ids; one statement text for any number of them. */
export const amongIds = (column: AnyPgColumn, ids: readonly number[]): SQL =>
  sql`${column} = any(${`{${ids.join(',')}}`}::bigint[])`;

/** Each row in the branch of its first reason alone. */
function disjoint(owners: SQL[], owner: SQL, index: number): SQL | undefined {
  return and(owner, ...owners.slice(0, index).map((earlier) => sql`(${earlier}) is not true`));
}

interface Explained extends Record<string, unknown> {
  'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }];
}

/** The planner's guess of how many rows a statement has; never less than what was counted. */
async function estimateRows(tx: Tx, statement: SQL, factor: number): Promise<number> {
  const [row] = await tx.execute<Explained>(sql`explain (format json) ${statement}`);
  return Math.max(COUNTED + 1, Math.round((row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) * factor));
}
