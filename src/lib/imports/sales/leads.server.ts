import { inArray } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { holdings } from '#lib/holdings/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { inBatches } from '../batches.ts';
import type { Progress } from '../progress.ts';
import { tally, type Tally } from '../report.ts';
import type { Opportunity } from './model.ts';
import type { Person } from './people.server.ts';

interface Context {
  personOf: (opportunity: Opportunity) => Person;
  productIdOf: (opportunity: Opportunity) => number;
  /** Only asked for opportunities with an account. */
  clientIdOf: (opportunity: Opportunity) => number;
  timeZone: string;
  currency: string;
  signal: AbortSignal;
  progress: Progress;
}

type NewLead = typeof leads.$inferInsert;

/**
 * Adds the opportunities that are no leads yet, known by their id in `externalRef`, and a holding for each won one.
 * A date begins at midnight in the firm's time zone; what has no date was created now.
 */
export async function writeLeads(
  tx: Tx,
  opportunities: Opportunity[],
  context: Context
): Promise<{ leads: Tally; holdings: Tally }> {
  const midnight = midnightIn(context.timeZone);
  const added = { leads: 0, holdings: 0 };
  let done = 0;
  for (const batch of inBatches(opportunities)) {
    context.signal.throwIfAborted();
    const known = await knownRefs(tx, batch);
    const fresh = batch.filter(({ id }) => !known.has(id));
    const ids = await addLeads(tx, fresh, (opportunity) => leadOf(opportunity, context, midnight));
    const won = fresh.filter(({ status }) => status === 'converted');
    await addHoldings(tx, won, ids, context, midnight);
    added.leads += fresh.length;
    added.holdings += won.length;
    done += batch.length;
    context.progress('Leads', done, opportunities.length);
  }
  const won = opportunities.filter(({ status }) => status === 'converted').length;
  return { leads: tally(opportunities.length, added.leads), holdings: tally(won, added.holdings) };
}

async function knownRefs(tx: Tx, batch: Opportunity[]): Promise<Set<string | null>> {
  const refs = batch.map(({ id }) => id);
  const found = await tx
    .select({ ref: leads.externalRef })
    .from(leads)
    .where(inArray(leads.externalRef, refs));
  return new Set(found.map(({ ref }) => ref));
}

async function addLeads(
  tx: Tx,
  fresh: Opportunity[],
  rowOf: (opportunity: Opportunity) => NewLead
): Promise<Map<string | null, number>> {
  if (fresh.length === 0) return new Map();
  const rows = await tx
    .insert(leads)
    .values(fresh.map(rowOf))
    .returning({ id: leads.id, ref: leads.externalRef });
  return new Map(rows.map(({ id, ref }) => [ref, id]));
}

function leadOf(opportunity: Opportunity, context: Context, midnight: (date: string) => Date): NewLead {
  const { id, account, status, engagedOn, closedOn, value } = opportunity;
  const { userId, teamId } = context.personOf(opportunity);
  const closedAt = closedOn ? midnight(closedOn) : undefined;
  const createdAt = engagedOn ? midnight(engagedOn) : undefined;
  return {
    name: account?.name ?? id,
    organisation: account?.name,
    conversionRmId: userId,
    teamId,
    productId: context.productIdOf(opportunity),
    expectedValue: value,
    currency: context.currency,
    status,
    denialReason: status === 'denied' ? 'unspecified' : undefined,
    clientId: status === 'converted' ? context.clientIdOf(opportunity) : undefined,
    externalRef: id,
    createdAt,
    convertedAt: status === 'converted' ? closedAt : undefined,
    deniedAt: status === 'denied' ? closedAt : undefined,
    statusChangedAt: closedAt ?? createdAt
  };
}

async function addHoldings(
  tx: Tx,
  won: Opportunity[],
  leadIds: Map<string | null, number>,
  context: Context,
  midnight: (date: string) => Date
): Promise<void> {
  if (won.length === 0) return;
  await tx.insert(holdings).values(
    won.map((opportunity) => ({
      clientId: context.clientIdOf(opportunity),
      kind: 'owned' as const,
      productId: context.productIdOf(opportunity),
      productName: opportunity.product.name,
      amount: opportunity.value,
      currency: context.currency,
      startedOn: opportunity.closedOn,
      leadId: leadIds.get(opportunity.id),
      createdById: context.personOf(opportunity).userId,
      createdAt: opportunity.closedOn ? midnight(opportunity.closedOn) : undefined
    }))
  );
}

/** When a day begins in a time zone; remembered, since a list has the same days over and over. */
function midnightIn(timeZone: string): (date: string) => Date {
  const known = new Map<string, Date>();
  return (date) => {
    const moment =
      known.get(date) ??
      new Date(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone }).epochMilliseconds);
    known.set(date, moment);
    return moment;
  };
}
