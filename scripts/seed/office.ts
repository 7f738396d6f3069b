import { and, eq } from 'drizzle-orm';
import { clientContactPoints } from '#lib/clients/parts-schema.server.ts';
import { duplicateReviews } from '#lib/duplicates/schema.server.ts';
import { comments, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import type { FilledField, RequestField } from '#lib/desk/request-fields.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { canonicalParams } from '#lib/views/params.ts';
import { savedViews } from '#lib/views/schema.server.ts';
import { type DemoClient, type DemoProduct, dateIn, daysAgo } from './book.ts';
import type { Chance } from './chance.ts';
import type { Colleague } from './people.ts';
import { REMARKS, VIEWS } from './words.ts';

/** What the firm asks for with each kind of request, and what colleagues wrote to each other about some. */
export async function seedRequestDetails(
  tx: Tx,
  dice: Chance,
  { ops, catalogue }: { ops: Colleague[]; catalogue: DemoProduct[] }
): Promise<void> {
  const rows = await tx
    .select({
      id: serviceRequests.id,
      client: serviceRequests.clientName,
      authorId: serviceRequests.createdById,
      assigneeId: serviceRequests.assigneeId,
      createdAt: serviceRequests.createdAt,
      fields: requestTypes.fields
    })
    .from(serviceRequests)
    .innerJoin(requestTypes, eq(requestTypes.id, serviceRequests.typeId))
    .orderBy(serviceRequests.id);
  for (const { id, client, fields, authorId, assigneeId, createdAt } of rows) {
    const filled = fields.map((field) => fill(field, dice, { client, product: dice.pick(catalogue).name }));
    await tx.update(serviceRequests).set({ fields: filled }).where(eq(serviceRequests.id, id));
    if (!authorId || !dice.likely(0.5)) continue;
    const about = { subjectKind: 'request' as const, subjectId: id, createdAt };
    await tx.insert(comments).values({ ...about, authorId, body: dice.pick(REMARKS.asked) });
    if (assigneeId && ops.some((one) => one.id === assigneeId))
      await tx.insert(comments).values({ ...about, authorId: assigneeId, body: dice.pick(REMARKS.answered) });
  }
}

function fill(
  field: RequestField,
  dice: Chance,
  { client, product }: { client: string; product: string }
): FilledField {
  if (!field.required && dice.likely(0.3)) return { ...field, value: null };
  if (field.kind === 'date') return { ...field, value: dateIn(-dice.whole(5, 300)) };
  if (field.kind === 'amount') return { ...field, value: `${dice.whole(5, 200) * 1000}.00` };
  if (field.kind === 'yes_no') return { ...field, value: dice.pick(['yes', 'no']) };
  return { ...field, value: written(field.label, dice, { client, product }) };
}

function written(label: string, dice: Chance, { client, product }: { client: string; product: string }) {
  const surname = client.split(' ').at(-1) ?? client;
  if (/folio|account number/i.test(label)) return String(dice.whole(10_000_000, 99_999_999));
  if (/scheme/i.test(label)) return product;
  if (/ifsc/i.test(label)) return `BNYN0${dice.whole(100_000, 999_999)}`;
  if (/bank/i.test(label)) return 'Indus Cooperative Bank, Fort';
  if (/relation/i.test(label)) return dice.pick(['Spouse', 'Daughter', 'Son']);
  if (/phone/i.test(label)) return `+91 98${dice.whole(10_000_000, 99_999_999)}`;
  if (/address/i.test(label)) return '14 Lake Road, Pune 411001';
  if (/name as on/i.test(label)) return client;
  if (/nominee|guardian|claimant|minor|holder/i.test(label)) return `Anita ${surname}`;
  return 'As on the form';
}

/** Leads of one region that look like clients of another: whoever entered them does not see the client. */
export async function seedDuplicates(
  tx: Tx,
  { rms, clients, catalogue }: { rms: Colleague[]; clients: DemoClient[]; catalogue: DemoProduct[] }
): Promise<void> {
  for (const [index, client] of clients.filter((_, n) => n % 19 === 4).entries()) {
    const asker = rms.find(({ teamId }) => teamId !== client.rm.teamId);
    const [phone] = await tx
      .select({ value: clientContactPoints.value })
      .from(clientContactPoints)
      .where(and(eq(clientContactPoints.clientId, client.id), eq(clientContactPoints.kind, 'phone')));
    const product = catalogue[index];
    if (!asker || !phone || !product) continue;
    const createdAt = daysAgo(index + 1);
    const amount = '450000.00';
    const name = `${client.name.charAt(0)}. ${client.name.split(' ').at(-1)}`;
    const [lead] = await tx
      .insert(leads)
      .values({
        name,
        phone: phone.value,
        phoneKey: phone.value,
        mode: 'call',
        givenBy: 'Met at an investor evening',
        obtainedById: asker.id,
        conversionRmId: asker.id,
        teamId: asker.teamId,
        productId: product.id,
        expectedValue: amount,
        status: 'wip',
        createdById: asker.id,
        createdAt,
        statusChangedAt: createdAt,
        updatedAt: createdAt
      })
      .returning({ id: leads.id, number: leads.number });
    if (!lead) continue;
    await tx.insert(duplicateReviews).values({
      clientId: client.id,
      leadId: lead.id,
      matchedOn: 'phone',
      occasion: 'lead',
      entered: {
        name,
        phone: phone.value,
        of: { number: lead.number, name },
        sale: {
          productId: product.id,
          product: product.name,
          amount,
          currency: 'INR',
          startedOn: createdAt.toISOString().slice(0, 10),
          folio: null
        }
      },
      askedById: asker.id,
      createdAt
    });
  }
}

/** Lists under a name: some of them for everybody in the team. */
export async function seedViews(tx: Tx, people: Colleague[]): Promise<void> {
  for (const [ownerName, module, name, params, shared] of VIEWS) {
    const owner = people.find((one) => one.name === ownerName);
    if (!owner) throw new Error(`Nobody is called ${ownerName}`);
    await tx.insert(savedViews).values({
      ownerId: owner.id,
      module,
      name,
      params: canonicalParams(module, params),
      teamId: shared ? owner.teamId : null
    });
  }
}
