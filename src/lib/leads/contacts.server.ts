import { sql } from 'drizzle-orm';
import type { Channel, Direction } from '#lib/interactions/kinds.ts';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { leads } from './schema.server.ts';

/** Of a converted lead: what was said with it becomes part of its client's timeline, by whomever it was logged. */
export async function moveContacts(tx: Tx, leadId: number): Promise<void> {
  await tx.execute(sql`select app.move_lead_contacts(${leadId})`);
}

/** Something said with a lead; `interactionId` leads to it where it is a conversation with a client. */
interface LeadContact {
  id: number;
  interactionId: number | null;
  version: number;
  channel: Channel;
  direction: Direction;
  /** False for a try that reached nobody. */
  answered: boolean;
  subject: string;
  body: string | null;
  occurredAt: Date;
  by: string | null;
  /** What the actor may do with it here; a conversation with a client has a page for that. */
  can: { edit: boolean; delete: boolean };
}

type ContactRow = Omit<LeadContact, 'occurredAt' | 'can'> & {
  occurredAt: string;
  /** Who spoke, and who logged it. */
  userIds: number[];
};

const MOST = 50;

/** The latest that was said with the lead of the row, as far as the actor sees it, newest first; see `toContacts`. */
export const contactsColumn = sql<ContactRow[]>`(
  select coalesce(json_agg(json_build_object('id', s.id, 'interactionId', s.interaction_id, 'version', s.version,
    'userIds', array[s.user_id, s.logged_by_id], 'channel', s.channel, 'direction', s.direction, 'answered', s.answered, 'subject', s.subject, 'body', s.body,
    'occurredAt', s.occurred_at, 'by', u.name) order by s.occurred_at desc, s.id desc), '[]'::json)
  from (
    select id, null::bigint as interaction_id, version, channel, direction, answered, subject, body, occurred_at, user_id,
      logged_by_id
    from lead_contacts where lead_id = ${leads.id}
    union all
    select id, id, version, channel, direction, not missed, subject, body, occurred_at, user_id, logged_by_id
    from interactions where lead_id = ${leads.id} and channel <> 'note'
    order by occurred_at desc, id desc limit ${MOST}) s
  left join users u on u.id = s.user_id)`;

export const toContacts = (actor: Actor, rows: ContactRow[]): LeadContact[] =>
  rows.map(({ occurredAt, userIds, ...row }) => ({
    ...row,
    occurredAt: new Date(occurredAt),
    can: {
      edit: row.interactionId === null && inScope(actor, 'interactions.edit', { userIds }),
      delete: row.interactionId === null && inScope(actor, 'interactions.delete', { userIds })
    }
  }));
