import { sql } from 'drizzle-orm';
import type { Channel, Direction } from '#lib/interactions/kinds.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Of a converted lead: what was said with it becomes part of its client's timeline, by whomever it was logged. */
export async function moveContacts(tx: Tx, leadId: number): Promise<void> {
  await tx.execute(sql`select app.move_lead_contacts(${leadId})`);
}

/** Something said with a lead; `interactionId` leads to it where it is a conversation with a client. */
interface LeadContact {
  id: number;
  interactionId: number | null;
  channel: Channel;
  direction: Direction;
  /** False for a try that reached nobody. */
  answered: boolean;
  subject: string;
  body: string | null;
  occurredAt: Date;
  by: string | null;
}

const MOST = 50;

/** The latest that was said with a lead, as far as the actor sees it, newest first. */
export async function contactsOf(tx: Tx, leadId: number): Promise<LeadContact[]> {
  const rows = await tx.execute<
    Omit<LeadContact, 'occurredAt'> & { occurredAt: string; [column: string]: unknown }
  >(sql`
    select s.*, u.name as by from (
      select id, null::bigint as "interactionId", channel, direction, answered, subject, body,
        occurred_at as "occurredAt", user_id
      from lead_contacts where lead_id = ${leadId}
      union all
      select id, id, channel, direction, not missed, subject, body, occurred_at, user_id
      from interactions where lead_id = ${leadId} and channel <> 'note') s
    left join users u on u.id = s.user_id
    order by s."occurredAt" desc, s.id desc limit ${MOST}`);
  return [...rows].map(
    ({ id, interactionId, channel, direction, answered, subject, body, occurredAt, by }) => ({
      id: Number(id),
      interactionId: interactionId === null ? null : Number(interactionId),
      channel,
      direction,
      answered,
      subject,
      body,
      occurredAt: new Date(occurredAt),
      by
    })
  );
}
