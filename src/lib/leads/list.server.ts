import { aliasedTable, and, eq, sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { after, orderOf, pageOf, sortKeyText, type SortKey } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { findLeads } from './filter.server.ts';
import type { LeadSort, ListLeadsInput } from './inputs.ts';
import { leadFlags, LEAD_STATUSES } from './model.ts';
import { leads } from './schema.server.ts';

export const rms = aliasedTable(users, 'rms');
export const obtainers = aliasedTable(users, 'obtainers');

export const listColumns = {
  id: leads.id,
  number: leads.number,
  name: leads.name,
  organisation: leads.organisation,
  status: leads.status,
  rm: { id: rms.id, name: rms.name },
  obtainedBy: { id: obtainers.id, name: obtainers.name },
  team: { id: teams.id, name: teams.name },
  product: { id: products.id, name: products.name },
  mode: leads.mode,
  expectedValue: leads.expectedValue,
  currency: leads.currency,
  nextFollowUpOn: leads.nextFollowUpOn,
  createdAt: leads.createdAt,
  statusChangedAt: leads.statusChangedAt,
  version: leads.version
};

/** As the pipeline goes, not as the alphabet. */
const stage = sql`array_position(${sql.raw(`array['${LEAD_STATUSES.join("','")}']`)}, ${leads.status})`;

const SORTS = {
  created: { by: leads.createdAt, type: 'timestamptz', nullable: false, descending: true },
  name: { by: leads.sortName, type: 'text', nullable: false, descending: false },
  status: { by: stage, type: 'int', nullable: false, descending: false },
  rm: { by: sql`lower(${rms.name})`, type: 'text', nullable: true, descending: false },
  obtainedBy: { by: sql`lower(${obtainers.name})`, type: 'text', nullable: true, descending: false },
  product: { by: sql`lower(${products.name})`, type: 'text', nullable: true, descending: false },
  value: { by: leads.expectedValue, type: 'numeric', nullable: true, descending: true },
  followUp: { by: leads.nextFollowUpOn, type: 'date', nullable: true, descending: false }
} as const satisfies Record<LeadSort, SortKey>;

/** What the list is sorted by: newest first unless told otherwise. */
export function sortKeyOf(sort: ListLeadsInput['sort']): SortKey {
  const usual: SortKey = SORTS[sort?.by ?? 'created'];
  return sort?.direction ? { ...usual, descending: sort.direction === 'desc' } : usual;
}

/** The first ids in that order. What a join is not needed for, Postgres leaves out. */
export const firstIds = (tx: Tx, key: SortKey, where: SQL | undefined, limit: number) =>
  tx
    .select({ id: leads.id })
    .from(leads)
    .leftJoin(rms, eq(rms.id, leads.conversionRmId))
    .leftJoin(obtainers, eq(obtainers.id, leads.obtainedById))
    .leftJoin(products, eq(products.id, leads.productId))
    .where(where)
    .orderBy(...orderOf(key, leads.id))
    .limit(limit);

/** What rows and cards are shown with, looked up for the leads of `page` alone. */
export const shownOn = (tx: Tx, key: SortKey, page: SQL) =>
  tx
    .select({ ...listColumns, cursorKey: sortKeyText(key) })
    .from(sql`(${page}) page(id)`)
    .innerJoin(leads, sql`${leads.id} = page.id`)
    .leftJoin(rms, eq(rms.id, leads.conversionRmId))
    .leftJoin(obtainers, eq(obtainers.id, leads.obtainedById))
    .leftJoin(teams, eq(teams.id, leads.teamId))
    .leftJoin(products, eq(products.id, leads.productId))
    .orderBy(...orderOf(key, leads.id));

interface Shown {
  status: (typeof LEAD_STATUSES)[number];
  rm: { id: number } | null;
  team: { id: number } | null;
}

/** The row with what the actor can do with it now. */
export const withFlags = <Row extends Shown>(actor: Actor, row: Row) => ({
  ...row,
  can: leadFlags(actor, { ...row, conversionRmId: row.rm?.id ?? null, teamId: row.team?.id ?? null })
});

/** A page of the leads the actor sees. */
export async function listLeads(
  tx: Tx,
  actor: Actor,
  { filter = {}, sort, cursor, limit = 50 }: ListLeadsInput
) {
  const key = sortKeyOf(sort);
  const found = await findLeads(tx, actor, filter);
  const page = firstIds(tx, key, and(found.where, after(key, leads.id, cursor)), limit + 1).getSQL();
  const { items, ...rest } = pageOf(await shownOn(tx, key, page), limit, found);
  return { items: items.map((row) => withFlags(actor, row)), ...rest };
}
