import { aliasedTable, and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { possibleDuplicates, type Duplicate } from '#lib/clients/search.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { holdsColumn } from '#lib/clocks/hold-history.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import { listItems } from '#lib/settings/schema.server.ts';
import { contactsColumn, toContacts } from './contacts.server.ts';
import { leadHistory } from './history.server.ts';
import { listColumns, obtainers, rms } from './list.server.ts';
import { leadFlags } from './model.ts';
import { leads } from './schema.server.ts';

const givers = aliasedTable(clients, 'givers');

const recordColumns = {
  ...listColumns,
  phone: leads.phone,
  email: leads.email,
  givenBy: leads.givenBy,
  givenByClient: { id: givers.id, name: givers.name, number: givers.number },
  denialReason: leads.denialReason,
  denialReasonLabel: listItems.label,
  denialNote: leads.denialNote,
  notes: leads.notes,
  /** Null also when the client is one the actor does not see. */
  client: { id: clients.id, name: clients.name, number: clients.number },
  /** The conversation that opened it, a portfolio review most often, where the actor sees it. */
  origin: sql<{
    id: number;
    subject: string;
  } | null>`(select json_build_object('id', i.id, 'subject', i.subject)
    from interactions i where i.id = ${leads.originInteractionId})`,
  contacts: contactsColumn,
  holds: holdsColumn('lead', leads.id),
  opportunity: leads.opportunity,
  convertedAt: leads.convertedAt,
  deniedAt: leads.deniedAt,
  statusChangedAt: leads.statusChangedAt,
  updatedAt: leads.updatedAt,
  conversionRmId: leads.conversionRmId,
  obtainedById: leads.obtainedById,
  teamId: leads.teamId,
  productId: leads.productId,
  givenByClientId: leads.givenByClientId
};

/** Everything for a lead's page, and what the actor can do with it. */
export async function leadById(tx: Tx, actor: Actor, id: number) {
  const [found] = await tx
    .select(recordColumns)
    .from(leads)
    .leftJoin(rms, eq(rms.id, leads.conversionRmId))
    .leftJoin(obtainers, eq(obtainers.id, leads.obtainedById))
    .leftJoin(teams, eq(teams.id, leads.teamId))
    .leftJoin(products, eq(products.id, leads.productId))
    .leftJoin(givers, eq(givers.id, leads.givenByClientId))
    .leftJoin(clients, eq(clients.id, leads.clientId))
    .leftJoin(listItems, and(eq(listItems.list, 'denial_reason'), eq(listItems.key, leads.denialReason)))
    .where(eq(leads.id, id));
  if (!found) throw new NotFound();
  const { holds, ...row } = found;
  // The giver's id alone would tell of a client the actor does not see.
  const givenByClientId = row.givenByClient && row.givenByClientId;
  return {
    ...row,
    givenByClientId,
    can: leadFlags(actor, row),
    holdings: await holdingsOf(tx, id),
    contacts: toContacts(actor, row.contacts),
    ...(await leadHistory(tx, id, holds))
  };
}

/** The holdings its conversion added, as far as the actor sees them. */
function holdingsOf(tx: Tx, leadId: number) {
  return tx
    .select({
      id: holdings.id,
      productName: holdings.productName,
      amount: holdings.amount,
      currency: holdings.currency,
      startedOn: holdings.startedOn
    })
    .from(holdings)
    .where(eq(holdings.leadId, leadId));
}

/** Clients the actor sees that the lead may be, and why: equal e-mail or phone, or a name spelled alike. */
export async function matchesOf(tx: Tx, id: number): Promise<Duplicate[]> {
  const [lead] = await tx
    .select({ name: leads.name, email: leads.email, phone: leads.phone })
    .from(leads)
    .where(eq(leads.id, id));
  if (!lead) throw new NotFound();
  return possibleDuplicates(tx, {
    name: lead.name.slice(0, 100),
    email: lead.email ?? undefined,
    phone: lead.phone ?? undefined
  });
}
