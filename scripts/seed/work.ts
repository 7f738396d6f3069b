import { startClocks, satisfyClock, waitOn } from '#lib/clocks/commands.server.ts';
import type { Subject } from '#lib/clocks/model.ts';
import { queries, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { leadContacts } from '#lib/leads/contacts-schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { type DemoClient, type DemoProduct, dateIn, daysAgo } from './book.ts';
import type { Chance } from './chance.ts';
import type { Colleague } from './people.ts';
import { FIRST_NAMES, GIVERS, LAST_NAMES, LEAD_TALKS, QUESTIONS } from './words.ts';

interface Firm {
  rms: Colleague[];
  ops: Colleague[];
  clients: DemoClient[];
  catalogue: DemoProduct[];
}

const HOUR = 3_600_000;

function only<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('Nothing was added');
  return row;
}

/** A pipeline in every state: fresh, worked on, won with its holding, lost with a reason. */
export async function seedLeads(tx: Tx, dice: Chance, { rms, clients, catalogue }: Firm): Promise<void> {
  for (let n = 0; n < 60; n++) {
    const rm = dice.pick(rms);
    const status = dice.pick(['new', 'wip', 'wip', 'converted', 'denied'] as const);
    const created = daysAgo(dice.whole(1, 80), dice.whole(4, 12));
    const moved = new Date((created.getTime() + Date.now()) / 2);
    const first = dice.pick(FIRST_NAMES);
    const client = status === 'converted' ? dice.pick(clients.filter((one) => one.rm.id === rm.id)) : null;
    const product = dice.pick(catalogue);
    const value = `${dice.whole(5, 250) * 10_000}.00`;
    const lead = only(
      await tx
        .insert(leads)
        .values({
          name: client?.name ?? `${first} ${dice.pick(LAST_NAMES)}`,
          phone: `+9197${dice.whole(10_000_000, 99_999_999)}`,
          email: `${first.toLowerCase()}${n}@mail.example`,
          emailKey: `${first.toLowerCase()}${n}@mail.example`,
          obtainedById: dice.pick(rms).id,
          givenBy: dice.pick(GIVERS),
          mode: dice.pick(['call', 'mail', 'whatsapp']),
          conversionRmId: status === 'new' && dice.likely(0.5) ? null : rm.id,
          teamId: rm.teamId,
          productId: product.id,
          expectedValue: value,
          status,
          denialReason: status === 'denied' ? dice.pick(['not_interested', 'no_response', 'budget']) : null,
          nextFollowUpOn: status === 'new' || status === 'wip' ? dateIn(dice.whole(-3, 14)) : null,
          clientId: client?.id,
          createdById: rm.id,
          createdAt: created,
          statusChangedAt: status === 'new' ? created : moved,
          convertedAt: status === 'converted' ? moved : null,
          deniedAt: status === 'denied' ? moved : null,
          updatedAt: status === 'new' ? created : moved
        })
        .returning({ id: leads.id })
    );
    if (status === 'wip') await seedContact(tx, { leadId: lead.id, userId: rm.id, occurredAt: moved });
    if (client)
      await tx.insert(holdings).values({
        clientId: client.id,
        productId: product.id,
        productName: product.name,
        mode: 'lump_sum',
        amount: value,
        startedOn: moved.toISOString().slice(0, 10),
        leadId: lead.id,
        createdById: rm.id
      });
  }
}

/** Every fourth lead was rung and did not answer. */
async function seedContact(
  tx: Tx,
  { leadId, userId, occurredAt }: { leadId: number; userId: number; occurredAt: Date }
): Promise<void> {
  const answered = leadId % 4 !== 0;
  await tx.insert(leadContacts).values({
    leadId,
    userId,
    loggedById: userId,
    channel: answered && leadId % 3 === 0 ? 'whatsapp' : 'call',
    direction: 'outbound',
    answered,
    subject: answered ? (LEAD_TALKS[leadId % LEAD_TALKS.length] ?? 'Call') : 'Rang twice',
    occurredAt,
    createdAt: occurredAt
  });
}

/** Questions of clients, most of them open. */
export async function seedQueries(tx: Tx, dice: Chance, { clients }: Firm): Promise<void> {
  for (let n = 0; n < 24; n++) {
    const client = dice.pick(clients);
    const status = dice.pick(['open', 'in_progress', 'in_progress', 'resolved'] as const);
    const priority = dice.pick(['normal', 'normal', 'high', 'low'] as const);
    const openedAt = daysAgo(dice.whole(0, 6), dice.whole(4, 12));
    const startedAt = status === 'open' ? null : new Date(openedAt.getTime() + 3_600_000);
    const resolvedAt = status === 'resolved' ? new Date(openedAt.getTime() + 5 * 3_600_000) : null;
    const row = only(
      await tx
        .insert(queries)
        .values({
          clientId: client.id,
          rmId: client.rm.id,
          subject: dice.pick(QUESTIONS),
          priority,
          status,
          openedAt,
          firstRespondedAt: startedAt,
          startedAt,
          resolvedAt,
          resolution: resolvedAt ? 'Explained on the phone and confirmed by mail.' : null,
          createdById: client.rm.id,
          updatedAt: resolvedAt ?? openedAt
        })
        .returning({ id: queries.id })
    );
    await runClock(
      tx,
      { kind: 'query', id: row.id, clientId: client.id, priority, clientTier: client.tier },
      { startedAt: openedAt, answered: status !== 'open', endedAt: resolvedAt }
    );
  }
}

interface Course {
  startedAt: Date;
  /** Within the hour. */
  answered: boolean;
  endedAt: Date | null;
}

async function runClock(tx: Tx, subject: Subject, { startedAt, answered, endedAt }: Course): Promise<void> {
  await startClocks(tx, subject, { at: startedAt });
  const answeredAt = new Date(startedAt.getTime() + HOUR);
  if (answered) await satisfyClock(tx, subject, 'first_response', { at: answeredAt });
  if (endedAt) await satisfyClock(tx, subject, 'resolution', { at: endedAt });
}

/** The desk: a queue, work in hand, work that waits, work that is late, and a little that is done. */
export async function seedRequests(tx: Tx, dice: Chance, { clients, ops, rms }: Firm): Promise<void> {
  const types = await tx.select().from(requestTypes);
  const team = ops[0]?.teamId ?? null;
  for (let n = 0; n < 40; n++) {
    const client = dice.pick(clients);
    const type = dice.pick(types);
    const status = dice.pick(['pending', 'in_progress', 'in_progress', 'completed'] as const);
    const createdAt = daysAgo(dice.whole(0, 16), dice.whole(4, 12));
    const finishedAt = status === 'completed' ? new Date((createdAt.getTime() + Date.now()) / 2) : null;
    const waitingOn =
      status === 'in_progress' && dice.likely(0.4) ? dice.pick(['client', 'third_party'] as const) : null;
    const waitingWhy =
      waitingOn === 'client' ? 'Signed form not received yet' : waitingOn ? 'Sent to the registrar' : null;
    const row = only(
      await tx
        .insert(serviceRequests)
        .values({
          clientId: client.id,
          typeId: type.id,
          details: `As asked by ${client.name}.`,
          priority: dice.pick(['normal', 'normal', 'high']),
          status,
          assigneeId: status === 'pending' ? null : dice.pick(ops).id,
          teamId: team,
          checklist: type.checklist.map((label) => ({
            label,
            done: status === 'completed' || dice.likely(0.4)
          })),
          waitingOn,
          waitingWhy,
          createdById: dice.pick([client.rm, dice.pick(rms)]).id,
          createdAt,
          startedAt: status === 'pending' ? null : createdAt,
          finishedAt,
          updatedAt: finishedAt ?? createdAt
        })
        .returning({ id: serviceRequests.id, priority: serviceRequests.priority })
    );
    const subject = {
      kind: 'request' as const,
      id: row.id,
      clientId: client.id,
      requestTypeId: type.id,
      priority: row.priority,
      clientTier: client.tier
    };
    await runClock(tx, subject, {
      startedAt: createdAt,
      answered: status !== 'pending',
      endedAt: finishedAt
    });
    if (waitingOn && waitingWhy) {
      const since = new Date(createdAt.getTime() + (Date.now() - createdAt.getTime()) / 3);
      await waitOn(tx, subject, waitingOn, waitingWhy, { at: since });
    }
  }
}
