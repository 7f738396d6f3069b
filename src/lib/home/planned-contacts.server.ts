import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

export interface PlannedContact extends Record<string, unknown> {
  /** Of the client. */
  id: number;
  number: string;
  name: string;
  /** `call`; null where it was left open. */
  channel: string | null;
  /** `2026-11-21`. */
  on: string;
}

const SHOWN = 8;

/** Contacts that the actor is to make on the firm's today or should have made before, the oldest first. */
export async function plannedContacts(tx: Tx, { userId }: Actor): Promise<PlannedContact[]> {
  const rows = await tx.execute<PlannedContact>(sql`
    select c.id::int as id, c.number, c.name, c.next_contact_channel as channel, c.next_contact_on::text as "on"
    from clients c
    where c.lifecycle = 'active' and c.next_contact_by_id = ${userId}
      and c.next_contact_on <= (select (now() at time zone f.time_zone)::date from firm_settings f)
    order by c.next_contact_on, c.id limit ${SHOWN}`);
  return [...rows];
}
