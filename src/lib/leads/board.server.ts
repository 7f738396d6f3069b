import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { findLeads } from './filter.server.ts';
import type { BoardInput } from './inputs.ts';
import { firstIds, shownOn, sortKeyOf, withFlags } from './list.server.ts';
import { LEAD_STATUSES, type LeadStatus } from './model.ts';
import { leads } from './schema.server.ts';

/** Cards of a column; the list holds the others. */
const SHOWN = 50;

interface Total {
  status: LeadStatus;
  count: number;
  value: string;
}

/**
 * The leads the actor sees by status: each status with how many there are and what they are worth in the firm's
 * currency (values in others are left out), and the first fifty of each.
 */
export async function leadsBoard(tx: Tx, actor: Actor, { filter = {}, sort }: BoardInput) {
  const key = sortKeyOf(sort);
  const { where } = await findLeads(tx, actor, filter);
  const columns = filter.status?.length ? filter.status : LEAD_STATUSES;
  const totals = await tx
    .select({
      status: leads.status,
      count: sql<number>`count(*)::int`,
      value: sql<string>`coalesce(sum(${leads.expectedValue})
        filter (where ${leads.currency} = (select currency from firm_settings)), 0)::text`
    })
    .from(leads)
    .where(where)
    .groupBy(leads.status);
  const firsts = columns.map((status) => {
    const first = firstIds(tx, key, and(where, eq(leads.status, status)), SHOWN);
    return sql`(${first.getSQL()})`;
  });
  const rows = await shownOn(tx, key, sql.join(firsts, sql` union all `));
  return {
    columns: columns.map((status) => totalOf(status, totals)),
    items: rows.map(({ cursorKey: _, ...row }) => withFlags(actor, row))
  };
}

const totalOf = (status: LeadStatus, totals: Total[]): Total =>
  totals.find((total) => total.status === status) ?? { status, count: 0, value: '0' };
