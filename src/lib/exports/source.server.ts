import { sql, type SQL } from 'drizzle-orm';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { CsvValue } from '#lib/platform/csv.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Firm } from '#lib/settings/reads.server.ts';
import { wordsOf } from '#lib/ui/words.ts';

interface Listed {
  items: { id: number }[];
  nextCursor: string | null;
}

interface Paging {
  cursor?: string | undefined;
  limit: number;
}

/** A list that can be taken away: the list itself says which rows and in what order, the columns what of them. */
export interface Source<Input> {
  /** As in the file's name and the audit trail. */
  what: string;
  table: string;
  permission: Permission;
  page: (tx: Tx, actor: Actor, input: Input & Paging) => Promise<Listed>;
  /** Heading and what stands under it; times are in the firm's zone, which the heading names. */
  columns: readonly Column[];
  /** `from … r join …`: one row for each of `r`. */
  from: SQL;
}

export type Column = readonly [heading: string, value: SQL] | readonly [heading: string, time: SQL, 'time'];

const PAGE = 1000;

/** The list's pages as lines for a file, read one after the other in one transaction. */
export async function* linesOf<Input>(
  tx: Tx,
  actor: Actor,
  source: Source<Input>,
  input: Input
): AsyncGenerator<CsvValue[][]> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await source.page(tx, actor, { ...input, cursor, limit: PAGE });
    if (items.length === 0) return;
    yield await detailed(
      tx,
      source,
      items.map(({ id }) => id)
    );
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const local = (time: SQL) =>
  sql`to_char(${time} at time zone (select f.time_zone from firm_settings f), 'YYYY-MM-DD HH24:MI')`;

/** Columns are named by their place: headings are for people, and may be alike. */
async function detailed<Input>(
  tx: Tx,
  { columns, from }: Source<Input>,
  ids: number[]
): Promise<CsvValue[][]> {
  const values = columns.map(
    ([, value, kind], place) =>
      sql`${kind === 'time' ? local(value) : value} as ${sql.identifier(`c${place}`)}`
  );
  const wanted = sql`${`{${ids.join(',')}}`}::bigint[]`;
  const rows = await tx.execute<Record<string, CsvValue>>(sql`
    select ${sql.join(values, sql`, `)} ${from}
    join unnest(${wanted}) with ordinality o(id, place) on o.id = r.id
    where r.id = any (${wanted}) order by o.place`);
  return rows.map((row) => columns.map((_, place) => row[`c${place}`]));
}

/** The first line of the file, in the firm's words. */
export function headingsOf<Input>({ columns }: Source<Input>, firm: Firm): string[] {
  const { Client } = wordsOf(firm);
  return columns.map(([heading, , kind]) => {
    const named = heading.replace(/^Client\b/, Client);
    return kind === 'time' ? `${named} (${firm.timeZone})` : named;
  });
}
