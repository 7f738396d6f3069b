import { eq, sql } from 'drizzle-orm';
import { emailKey, phoneKey } from '#lib/clients/contact.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { notify } from '#lib/notifications/commands.server.ts';
import { colleague, mustReach } from '#lib/people/colleague.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import { inScope, may, type Actor } from '#lib/platform/auth/permissions.ts';
import { blankToNull, targetsOf, type Changed } from '#lib/platform/changes.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type { AssignLeadInput, CreateLeadInput, StartLeadInput, UpdateLeadInput } from './inputs.ts';
import { refusePastFollowUp } from './follow-up.server.ts';
import { lockLead, type LockedLead } from './locks.server.ts';
import { leadNumber, type LeadStatus } from './model.ts';
import { leads } from './schema.server.ts';

const now = sql`now()`;

/** Writes the changes of a locked lead. */
export async function changeLead(
  tx: Tx,
  lead: Pick<LockedLead, 'id' | 'status'>,
  changes: Record<string, unknown> & { status?: LeadStatus }
): Promise<Changed> {
  const moved = changes.status !== undefined && changes.status !== lead.status;
  const [row] = await tx
    .update(leads)
    .set({
      ...(changes as Partial<typeof leads.$inferInsert>),
      ...(moved ? { statusChangedAt: now } : {}),
      updatedAt: now,
      version: sql`${leads.version} + 1`
    })
    .where(eq(leads.id, lead.id))
    .returning({ id: leads.id, number: leads.number, status: leads.status, version: leads.version });
  if (!row) throw new NotFound();
  return row;
}

type Facts = Omit<UpdateLeadInput, 'id' | 'version'>;

/** The columns for what was entered; addresses and numbers with the keys they are compared by. */
function columnsOf(input: Facts) {
  const { email, phone } = input;
  return {
    name: input.name,
    organisation: blankToNull(input.organisation),
    givenBy: blankToNull(input.givenBy),
    givenByClientId: input.givenByClientId,
    mode: input.mode,
    productId: input.productId,
    expectedValue: blankToNull(input.expectedValue),
    currency: input.currency,
    nextFollowUpOn: blankToNull(input.nextFollowUpOn),
    notes: blankToNull(input.notes),
    ...(email === undefined ? {} : { email: email || null, emailKey: keyOf(email, emailKey, 'email') }),
    ...(phone === undefined ? {} : { phone: phone || null, phoneKey: keyOf(phone, phoneKey, 'phone') })
  };
}

const HINTS = {
  email: 'An e-mail address looks like name@example.com',
  phone: 'A phone number has ten digits, or begins with + and the country'
};

function keyOf(text: string | null, key: (text: string) => string | null, field: keyof typeof HINTS) {
  if (!text) return null;
  const found = key(text);
  if (!found) throw new RuleViolation(HINTS[field], { field });
  return found;
}

/** A client or product that is named must be there, and the client one the actor sees. */
async function checkReferences(tx: Tx, { givenByClientId, productId }: Facts): Promise<void> {
  if (givenByClientId) {
    const [giver] = await tx.select({ id: clients.id }).from(clients).where(eq(clients.id, givenByClientId));
    if (!giver) throw new NotFound();
  }
  if (!productId) return;
  const [product] = await tx.select({ id: products.id }).from(products).where(eq(products.id, productId));
  if (!product) throw new NotFound();
}

async function mustSeeTalk(tx: Tx, id: number): Promise<void> {
  const [talk] = await tx.select({ id: interactions.id }).from(interactions).where(eq(interactions.id, id));
  if (!talk) throw new NotFound();
}

/** Where a new lead waits: the named team, else the main team of its RM or of whoever enters it. */
async function teamFor(tx: Tx, actor: Actor, wanted: number | null | undefined, userId: number) {
  if (!wanted) return (await colleague(tx, userId)).mainTeamId;
  const [team] = await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, wanted));
  if (!team) throw new NotFound();
  const mine = [...actor.teamIds, ...actor.headedTeamIds];
  if (!actor.seesAll && !mine.includes(wanted)) throw new Forbidden('A lead waits with a team of yours');
  return wanted;
}

async function tellRm(tx: Tx, actor: Actor, lead: { name: string } & Changed, rmId: number): Promise<void> {
  if (rmId === actor.userId) return;
  await notify(tx, {
    key: `assigned:lead:${lead.id}:${lead.version}`,
    userIds: [rmId],
    kind: 'assigned',
    subject: { kind: 'lead', id: lead.id },
    title: `${lead.number} ${lead.name} is yours`,
    reason: `${actor.name} assigned this lead to you`
  });
}

/** Records a reference. Only those who assign leads name its RM; until then it waits with a team. */
export async function createLead(tx: Tx, actor: Actor, input: CreateLeadInput): Promise<Changed> {
  const { conversionRmId: rmId, obtainedById, teamId, originInteractionId, ...facts } = input;
  const rm = rmId ? await colleague(tx, rmId) : null;
  if (rm) mustReach(actor, 'leads.assign', rm.id);
  const obtainer = obtainedById ?? actor.userId;
  if (obtainer !== actor.userId) {
    await colleague(tx, obtainer);
    if (!may(actor, 'leads.assign') || !inScope(actor, 'leads.create', { userIds: [obtainer] }))
      throw new Forbidden('You may enter leads that you or your people obtained');
  }
  await checkReferences(tx, facts);
  await refusePastFollowUp(tx, facts.nextFollowUpOn);
  if (originInteractionId) await mustSeeTalk(tx, originInteractionId);
  const [row] = await tx
    .insert(leads)
    .values({
      ...columnsOf(facts),
      name: facts.name,
      obtainedById: obtainer,
      conversionRmId: rm?.id ?? null,
      teamId: rm ? rm.mainTeamId : await teamFor(tx, actor, teamId, actor.userId),
      originInteractionId: originInteractionId ?? null,
      createdById: actor.userId
    })
    .returning({ id: leads.id, number: leads.number, status: leads.status, version: leads.version });
  if (!row) throw new Error('The lead was not stored');
  if (rm) await tellRm(tx, actor, { ...row, name: facts.name }, rm.id);
  return row;
}

/** Changes the facts named in `input`; the first change by its RM is the first work on it. */
export async function updateLead(tx: Tx, actor: Actor, input: UpdateLeadInput): Promise<Changed> {
  const { lead, status: worked } = await lockLead(tx, actor, 'work', input);
  const { id: _id, version: _version, ...facts } = input;
  await checkReferences(tx, facts);
  // Whoever changes something else leaves a date that has passed.
  if (facts.nextFollowUpOn !== lead.nextFollowUpOn) await refusePastFollowUp(tx, facts.nextFollowUpOn);
  const begins = lead.conversionRmId === actor.userId;
  return changeLead(tx, lead, { ...columnsOf(facts), status: begins ? worked : lead.status });
}

/** The first work on a lead that has its RM: it is in progress from now on. */
export async function startLead(tx: Tx, actor: Actor, input: StartLeadInput): Promise<Changed> {
  const { lead, status } = await lockLead(tx, actor, 'work', input);
  if (lead.conversionRmId === null) throw new RuleViolation('Assign it to an RM first');
  return changeLead(tx, lead, { status });
}

/** Of many, says which one it was: leave it out, and the others can be assigned. */
const naming = (id: number) => (error: unknown) => {
  const number = leadNumber(id);
  if (error instanceof NotFound) throw new NotFound(`${number} was not found, so no lead was assigned`);
  if (error instanceof Forbidden)
    throw new Forbidden(`${number} is not yours to assign, so no lead was assigned`);
  throw error;
};

/** Hands leads, one or many, to an RM, who is told. All of them or none. */
export async function assignLeads(tx: Tx, actor: Actor, input: AssignLeadInput): Promise<Changed[]> {
  const rm = await colleague(tx, input.rmId);
  mustReach(actor, 'leads.assign', rm.id);
  const changed: Changed[] = [];
  const targets = targetsOf(input);
  for (const target of targets) {
    const locked = lockLead(tx, actor, 'assign', target);
    const { lead, status } = await (targets.length > 1 ? locked.catch(naming(target.id)) : locked);
    const row = await changeLead(tx, lead, { status, conversionRmId: rm.id, teamId: rm.mainTeamId });
    if (lead.conversionRmId !== rm.id) await tellRm(tx, actor, { ...row, name: lead.name }, rm.id);
    changed.push(row);
  }
  return changed;
}
