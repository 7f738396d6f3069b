import { afterAll, beforeAll, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { listLeads } from '#lib/leads/list.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { localDateOf } from '#lib/platform/jobs/cadence.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { countedHref } from '#lib/reports/lead-links.ts';
import { rowsHref } from '#lib/reports/links.ts';
import { PIPELINE_GROUPS, type Narrowing } from '#lib/reports/model.ts';
import type { Figure } from '#lib/reports/table.ts';
import { filterOf, shownIn } from '../../src/routes/(app)/leads/filters.ts';
import { load as loadRows } from '../../src/routes/(app)/reports/rows/+page.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { randomFrom } from '../support/random.ts';
import { mintClient, mintLead } from '../support/records.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261121);
const FULL = process.env.RAPPORT_DRILL === 'full';
const LEADS = FULL ? 300 : 50;
const NIGHTS = FULL ? 12 : 5;
const DAY = 86_400_000;
const HREF = 'https://rapport.test';

let database: TestDatabase;
let firm: TestFirm;
let clientId: number;
let midnight: number;

const { pick, next } = randomFrom(SEED);
const dayBefore = (days: number) => localDateOf(new Date(Date.now() - days * DAY), 'Asia/Kolkata');

/** Leads with whatever a figure can be narrowed to, none of which changed since yesterday; many of others' obtaining. */
async function randomLead() {
  const status = pick(['new', 'wip', 'converted', 'denied'] as const);
  const age = pick([1, 3, 8, 12, 30, 40, 95, 120]);
  const createdAt = new Date(midnight - age * DAY + Math.floor(next() * DAY));
  const moved = new Date(createdAt.getTime() + Math.floor(next() * (midnight - createdAt.getTime())));
  const rm = pick([firm.rm, firm.rm2, firm.otherRm, null]);
  await mintLead({
    status,
    createdAt,
    statusChangedAt: status === 'new' ? createdAt : moved,
    convertedAt: status === 'converted' ? moved : null,
    deniedAt: status === 'denied' ? moved : null,
    denialReason: status === 'denied' ? pick(['budget', 'no_answer']) : null,
    clientId: status === 'converted' ? clientId : null,
    conversionRmId: rm?.userId ?? null,
    teamId: pick([firm.teams.rm, firm.teams.other, null]),
    obtainedById: pick([firm.rm, firm.otherRm]).userId,
    productId: pick([firm.productId, null]),
    mode: pick(['call', 'mail', null]),
    expectedValue: pick([null, '1000.00'])
  });
}

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  clientId = await mintClient({});
  midnight = new Date(`${dayBefore(0)}T00:00:00+05:30`).getTime();
  for (let n = 0; n < LEADS; n += 1) await randomLead();
  for (let night = NIGHTS; night >= 1; night -= 1)
    await asSystem((tx) => snapshotPipeline(tx, dayBefore(night)));
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

interface RowsPage {
  filter: Narrowing;
  rows: Awaited<ReturnType<ReturnType<typeof callerFor>['reports']['rows']>>;
  reader: 'all' | 'head' | 'own' | null;
  leads: { href: string; total: number } | null;
}

const rowsPage = (actor: Actor, rows: Narrowing) =>
  loadRows({
    locals: { api: callerFor(actor), actor },
    url: new URL(rowsHref(rows), HREF)
  } as never) as Promise<RowsPage>;

const leadsAt = async (actor: Actor, href: string) =>
  (
    await asActor(
      actor,
      (tx) => listLeads(tx, actor, { filter: filterOf(shownIn(new URL(href, HREF))), limit: 1 }),
      { readOnly: true }
    )
  ).total;

/** Every figure of the report that rows of leads stand behind: of the latest night, or what happened on any. */
async function figuresOf(actor: Actor, groupBy: (typeof PIPELINE_GROUPS)[number]): Promise<Narrowing[]> {
  const { headlines, tables, onDate } = await callerFor(actor).reports.pipeline({ groupBy });
  const figures: Figure[] = [
    ...headlines,
    ...tables.flatMap(({ rows }) => rows.flatMap((row) => Object.values(row.figures)))
  ];
  const told = figures.flatMap(({ rows, value }) => (rows && Number(value) !== 0 ? [rows] : []));
  const wanted = told.filter(({ flow, to }) => flow !== undefined || to === onDate);
  return [...new Map(wanted.map((rows) => [JSON.stringify(rows), rows])).values()];
}

test(
  'the leads behind a figure of the nightly report are those it counts, until one changes',
  { timeout: 240_000 },
  async () => {
    let followed = 0;
    const others = FULL ? [firm.otherHead, firm.otherRm] : [];
    for (const actor of [firm.admin, firm.rmHead, firm.rm, ...others])
      for (const groupBy of PIPELINE_GROUPS)
        for (const figure of await figuresOf(actor, groupBy)) {
          const { rows, leads: now, reader, filter } = await rowsPage(actor, figure);
          const of = `${actor.name}: ${JSON.stringify(figure)}`;
          expect(now?.total, of).toBe(rows.leads);
          followed += 1;
          if (groupBy !== 'rm' || (actor !== firm.rmHead && !FULL)) continue;
          for (const row of rows.items) {
            const total = await leadsAt(actor, (reader && countedHref(row, filter, reader)) ?? '');
            // Leads that came on a day are listed together, in whatever status each ended it.
            if (figure.flow === 'created') expect(total, of).toBeGreaterThanOrEqual(row.leads ?? 0);
            else expect(total, `${of}, row ${row.id}`).toBe(row.leads);
          }
        }
    expect(followed).toBeGreaterThan(100);

    const open: Narrowing = { of: 'pipeline', from: dayBefore(1), to: dayBefore(1), status: 'open' };
    const { rows, leads: now } = await rowsPage(firm.admin, open);
    expect(now?.total).toBe(rows.leads);
    await asSystem(async (tx) => {
      const [one] = await tx.select({ id: leads.id }).from(leads).where(eq(leads.status, 'wip')).limit(1);
      await tx
        .update(leads)
        .set({ status: 'denied', denialReason: 'budget' })
        .where(eq(leads.id, one?.id ?? 0));
    });
    const later = await rowsPage(firm.admin, open);
    expect(later.rows.leads).toBe(rows.leads);
    expect(later.leads?.total).toBe((rows.leads ?? 0) - 1);
  }
);

test('somebody without leads is shown no way to them', async () => {
  const { leads: now, reader } = await rowsPage(firm.ops, { of: 'pipeline' });
  expect([now, reader]).toEqual([null, null]);
});
