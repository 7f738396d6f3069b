import { randomUUID } from 'node:crypto';
import { clientAddresses, clientContactPoints } from '#lib/clients/parts-schema.server.ts';
import { clientNotes, clients, clientTags } from '#lib/clients/schema.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { sealPan } from '#lib/platform/crypto/pan.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Chance } from './chance.ts';
import type { Colleague } from './people.ts';
import { CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, PRODUCTS, TAGS, TALKS } from './words.ts';

export interface DemoClient {
  id: number;
  name: string;
  rm: Colleague;
  tier: string | null;
}

export interface DemoProduct {
  id: number;
  name: string;
  /** What one unit is worth, where it has units. */
  nav: string | null;
}

const DAY = 86_400_000;
const CLIENTS_PER_RM = 9;

export const daysAgo = (days: number, hour = 11) => {
  const moment = new Date(Date.now() - days * DAY);
  moment.setUTCHours(hour, 15, 0, 0);
  return moment.getTime() > Date.now() ? new Date(Date.now() - DAY / 4) : moment;
};
export const dateIn = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

export async function seedCatalogue(tx: Tx): Promise<DemoProduct[]> {
  return tx
    .insert(products)
    .values(
      PRODUCTS.map(([name, kind, category, price, nav]) => ({
        name,
        nameKey: name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
        kind,
        category,
        price,
        nav,
        fundHouse: kind === 'scheme' ? `${name.split(' ', 1).join('')} Mutual Fund` : null,
        navOn: nav && dateIn(-1)
      }))
    )
    .returning({ id: products.id, name: products.name, nav: products.nav });
}

/** Every RM's book: clients with everything on their page. */
export async function seedBook(
  tx: Tx,
  dice: Chance,
  rms: Colleague[],
  catalogue: DemoProduct[]
): Promise<DemoClient[]> {
  const made: DemoClient[] = [];
  for (const [index, rm] of rms.entries()) {
    for (let n = 0; n < CLIENTS_PER_RM; n++) {
      const company = n === CLIENTS_PER_RM - 1 ? COMPANIES[index] : undefined;
      const client = await addClient(tx, dice, rm, made.length, company);
      await addPage(tx, dice, client, made.length);
      await addHoldings(tx, dice, client, catalogue);
      await addTalks(tx, dice, client);
      made.push(client);
    }
  }
  return made;
}

function inventedPan(dice: Chance, holder: string, initial: string): string {
  const letter = () => String.fromCharCode(65 + dice.whole(0, 25));
  return `${letter()}${letter()}${letter()}${holder}${initial}${dice.whole(1000, 9999)}${letter()}`;
}

async function addClient(
  tx: Tx,
  dice: Chance,
  rm: Colleague,
  index: number,
  company?: string
): Promise<DemoClient> {
  const last = LAST_NAMES[(index * 7) % LAST_NAMES.length] ?? 'Rao';
  const name = company ?? `${FIRST_NAMES[index % FIRST_NAMES.length]} ${last}`;
  const panRef = randomUUID();
  const pan = inventedPan(dice, company ? 'C' : 'P', (company ?? last).charAt(0));
  const tier = dice.pick(['platinum', 'gold', 'silver', 'standard', null]);
  const created = daysAgo(dice.whole(200, 900));
  const [client] = await tx
    .insert(clients)
    .values({
      kind: company ? 'organisation' : 'individual',
      type: company ? 'company' : 'individual',
      name,
      tier,
      panRef,
      ...sealPan(pan, panRef),
      accountId: `BW${String(100_200 + index * 13)}`,
      primaryRmId: rm.id,
      language: dice.pick(['English', 'Hindi', 'Marathi', 'Kannada']),
      reviewEveryMonths: dice.pick([3, 6, 12]),
      nextReviewOn: dateIn(dice.whole(-12, 90)),
      createdById: rm.id,
      createdAt: created,
      updatedAt: created
    })
    .returning({ id: clients.id });
  if (!client) throw new Error('The client was not added');
  return { id: client.id, name, rm, tier };
}

async function addPage(tx: Tx, dice: Chance, client: DemoClient, index: number): Promise<void> {
  const email = `${client.name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@mail.example`;
  const phone = `+9198${String(20_000_000 + index * 7919)}`;
  const [city, region] = dice.pick(CITIES);
  const isCompany = COMPANIES.includes(client.name);
  await tx.insert(clientContactPoints).values([
    {
      clientId: client.id,
      kind: 'email',
      label: isCompany ? 'Accounts' : 'Personal',
      value: email,
      valueKey: email,
      primary: true
    },
    { clientId: client.id, kind: 'phone', label: 'Mobile', value: phone, valueKey: phone, primary: true }
  ]);
  await tx
    .insert(clientAddresses)
    .values({ clientId: client.id, label: isCompany ? 'Office' : 'Home', city, region, country: 'India' });
  if (dice.likely(0.6)) {
    const tag = dice.pick(TAGS);
    await tx.insert(clientTags).values({ clientId: client.id, tag: isCompany ? 'family business' : tag });
  }
  if (dice.likely(0.3))
    await tx.insert(clientNotes).values({
      clientId: client.id,
      authorId: client.rm.id,
      body: isCompany ? 'The directors decide together.' : 'Decides together with the family.'
    });
}

async function addHoldings(
  tx: Tx,
  dice: Chance,
  client: DemoClient,
  catalogue: DemoProduct[]
): Promise<void> {
  const count = dice.whole(1, 3);
  for (let n = 0; n < count; n++) {
    const product = dice.pick(catalogue);
    const amount = dice.whole(10, 900) * 1000;
    await tx.insert(holdings).values({
      clientId: client.id,
      productId: product.id,
      productName: product.name,
      folio: String(dice.whole(10_000_000, 99_999_999)),
      mode: dice.pick(['sip', 'lump_sum']),
      amount: `${amount}.00`,
      // Bought for less than it is worth by now.
      units: product.nav && (amount / (Number(product.nav) * 0.9)).toFixed(3),
      startedOn: dateIn(-dice.whole(30, 700)),
      createdById: client.rm.id
    });
  }
}

async function addTalks(tx: Tx, dice: Chance, client: DemoClient): Promise<void> {
  // One in eight was not spoken to for months, so that the attention list has something to say.
  const latest = dice.likely(0.12) ? dice.whole(65, 130) : dice.whole(1, 50);
  const count = dice.whole(3, 8);
  await tx.insert(interactions).values(
    Array.from({ length: count }, (_, n) => {
      const [purpose, channel, direction, subject] = dice.pick(TALKS);
      return {
        clientId: client.id,
        userId: client.rm.id,
        loggedById: client.rm.id,
        purpose,
        channel,
        direction,
        subject,
        occurredAt: daysAgo(latest + n * dice.whole(9, 40), dice.whole(4, 12))
      };
    })
  );
}
