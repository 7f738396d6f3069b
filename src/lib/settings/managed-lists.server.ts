import { asc, sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { FIXED_CLIENT_TYPES, LISTS, type ListName } from './model.ts';
import { listItems } from './schema.server.ts';

/** Where the keys of a list are used. Settings stand below those domains, so their tables are named, not imported. */
export const USES: Record<ListName, SQL> = {
  denial_reason: sql`select denial_reason as key from leads where denial_reason is not null`,
  client_type: sql`select type as key from clients`,
  client_tier: sql`select tier as key from clients where tier is not null
    union all select client_tier from policies where client_tier is not null`,
  product_category: sql`select category as key from products where category is not null`
};

export interface ManagedItem {
  id: number;
  list: ListName;
  key: string;
  label: string;
  active: boolean;
  version: number;
  /** How many records name it. */
  uses: number;
  /** Never deleted, since rules of ours know its key. */
  fixed: boolean;
}

/** Every item of every list in order, with how often each is used. */
export async function managedLists(tx: Tx): Promise<Record<ListName, ManagedItem[]>> {
  const rows = await tx.select().from(listItems).orderBy(asc(listItems.position), asc(listItems.id));
  const uses = await countUses(tx);
  const of = (list: ListName) =>
    rows
      .filter((row) => row.list === list)
      .map(({ position: _, ...row }) => ({
        ...row,
        uses: uses.get(`${list} ${row.key}`) ?? 0,
        fixed: isFixed(row)
      }));
  return Object.fromEntries(LISTS.map((list) => [list, of(list)])) as Record<ListName, ManagedItem[]>;
}

async function countUses(tx: Tx): Promise<Map<string, number>> {
  const parts = LISTS.map(
    (list) =>
      sql`select ${list}::text as list, key, count(*)::int as uses from (${USES[list]}) u group by key`
  );
  const rows = await tx.execute<{ list: string; key: string; uses: number }>(
    sql.join(parts, sql` union all `)
  );
  return new Map(rows.map(({ list, key, uses }) => [`${list} ${key}`, uses]));
}

/** True for items that rules of ours know by their key. */
export const isFixed = ({ list, key }: { list: ListName; key: string }) =>
  list === 'client_type' && FIXED_CLIENT_TYPES.has(key);
