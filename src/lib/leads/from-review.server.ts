import { sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { refusePastFollowUp } from './follow-up.server.ts';
import type { LeadOpportunity } from './model.ts';
import { leads } from './schema.server.ts';

/** What a portfolio review found that the client could use. */
export interface ReviewLead {
  clientId: number;
  interactionId: number;
  /** Who held the review. */
  byId: number;
  opportunity: LeadOpportunity;
  productId?: number | undefined;
  /** Exact, as text. */
  expectedValue?: string | undefined;
  /** `2026-11-21`. */
  nextFollowUpOn?: string | undefined;
  notes?: string | undefined;
}

interface Person extends Record<string, unknown> {
  name: string;
  organisation: string | null;
  email: string | null;
  emailKey: string | null;
  phone: string | null;
  phoneKey: string | null;
  rmId: number | null;
  teamId: number | null;
  product: boolean;
}

/** The client as a lead names it, with its RM and his team; without an active RM, the team of `byId`. */
async function leadFor(tx: Tx, { clientId, byId, productId }: ReviewLead): Promise<Person> {
  const point = (kind: string, column: string) =>
    sql`(select p.${sql.raw(column)} from client_contact_points p where p.client_id = c.id and p.kind = ${kind} order by p."primary" desc, p.id limit 1)`;
  const [row] = await tx.execute<Person>(sql`
    select c.name, c.organisation, rm.id as "rmId", coalesce(rm.main_team_id, holder.main_team_id) as "teamId",
      ${point('email', 'value')} as email, ${point('email', 'value_key')} as "emailKey",
      ${point('phone', 'value')} as phone, ${point('phone', 'value_key')} as "phoneKey",
      (${productId ?? null}::bigint is null or exists (select 1 from products p where p.id = ${productId ?? null})) as product
    from clients c
    join users holder on holder.id = ${byId}
    left join users rm on rm.id = c.primary_rm_id and rm.active
    where c.id = ${clientId}`);
  if (!row?.product) throw new NotFound();
  return row;
}

/**
 * Opens the lead that a portfolio review of a client called for. It is the client's RM's from the start, whoever held
 * the review, and leads back to it. The client must be one the actor sees.
 */
export async function openLeadFromReview(
  tx: Tx,
  actor: Actor,
  input: ReviewLead
): Promise<{ id: number; number: string }> {
  if (!may(actor, 'leads.create')) throw new Forbidden('You may not open leads');
  await refusePastFollowUp(tx, input.nextFollowUpOn, 'lead.nextFollowUpOn');
  const { product: _product, rmId, ...person } = await leadFor(tx, input);
  const { byId, interactionId, expectedValue, nextFollowUpOn, notes, ...about } = input;
  const [row] = await tx
    .insert(leads)
    .values({
      ...person,
      ...about,
      conversionRmId: rmId,
      // Whoever entered it must go on seeing it.
      obtainedById: actor.seesAll || actor.visibleUserIds.includes(byId) ? byId : actor.userId,
      originInteractionId: interactionId,
      expectedValue: expectedValue || null,
      nextFollowUpOn: nextFollowUpOn || null,
      notes: notes || null,
      createdById: actor.userId
    })
    .returning({ id: leads.id, number: leads.number });
  if (!row) throw new Error('The lead was not stored');
  if (rmId !== null && rmId !== actor.userId)
    await notify(tx, {
      key: `assigned:lead:${row.id}:1`,
      userIds: [rmId],
      kind: 'assigned',
      subject: { kind: 'lead', id: row.id },
      title: `${row.number} ${person.name} is yours`,
      reason: `${actor.name} opened this lead after a portfolio review in your book`
    });
  return row;
}
