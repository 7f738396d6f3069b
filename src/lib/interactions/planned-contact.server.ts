import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Takes back the client's planned contact when interaction `id` is it: anybody's contact on or after the planned day,
 * or one of today by whom it was planned for; both in the firm's zone. The client gets a new version.
 */
export async function keepPlan(tx: Tx, clientId: number, id: number): Promise<void> {
  await tx.execute(sql`
    update clients c
    set next_contact_on = null, next_contact_channel = null, next_contact_by_id = null, updated_at = now(),
      version = c.version + 1
    from firm_settings f, interactions i
    where c.id = ${clientId} and i.id = ${id} and i.is_contact
      and ((i.occurred_at at time zone f.time_zone)::date >= c.next_contact_on
        or (i.user_id = c.next_contact_by_id
          and (i.occurred_at at time zone f.time_zone)::date >= (now() at time zone f.time_zone)::date))`);
}
