import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import { COUNTED } from '#lib/platform/db/owned.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** How many cards a column shows; the list behind it has the rest. */
const SHOWN = 50;

export interface Column<Status extends string> {
  status: Status;
  /** At most 1,000; then `more` is true. */
  count: number;
  more: boolean;
}

interface Board<Status extends string> {
  table: PgTable;
  id: AnyPgColumn;
  status: AnyPgColumn;
  statuses: readonly Status[];
  where: SQL | undefined;
  /** The order of a column's cards. */
  orderOf: (status: Status) => SQL;
}

/** The cards of each column, by id, and how many there are. */
export async function readBoard<Status extends string>(tx: Tx, board: Board<Status>) {
  const inColumn = (status: Status) => and(eq(board.status, status), board.where);
  const cards = board.statuses.map(
    (status) =>
      sql`(select ${board.id} as id from ${board.table} where ${inColumn(status)} order by ${board.orderOf(status)} limit ${SHOWN})`
  );
  const counts = board.statuses.map(
    (status) =>
      sql`(select ${status}::text as status, count(*)::int as count from (
        select 1 from ${board.table} where ${inColumn(status)} limit ${COUNTED + 1}) c)`
  );
  const union = sql` union all `;
  const found = await tx.execute<{ id: number }>(sql.join(cards, union));
  const counted = await tx.execute<{ status: Status; count: number }>(sql.join(counts, union));
  const columns = board.statuses.map((status): Column<Status> => {
    const count = counted.find((row) => row.status === status)?.count ?? 0;
    return { status, count: Math.min(count, COUNTED), more: count > COUNTED };
  });
  return { ids: found.map(({ id }) => id), columns };
}
