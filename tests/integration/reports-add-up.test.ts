import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { localDateOf } from '#lib/platform/jobs/cadence.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { filterIn, rowsHref } from '#lib/reports/links.ts';
import { rowsInput, type ReportFilter } from '#lib/reports/model.ts';
import { opens } from '#lib/reports/shown.ts';
import type { Figure, Headline, ReportTable, Unit } from '#lib/reports/table.ts';
import { randomPeople, randomRecords } from '../authorization/random-firm.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { randomPast } from '../support/report-history.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261121);
/** Lists asked for a person and a report; all of them in the drill at full size. */
const ASKED = process.env.RAPPORT_DRILL === 'full' ? 10_000 : 8;

let database: TestDatabase;
let people: Actor[];
let teamIds: number[];
const random = randomFrom(SEED);

beforeAll(async () => {
  database = await useTestDatabase();
  const firm = await asSystem(async (tx) => {
    const made = await randomPeople(tx, random);
    await randomRecords(tx, random, made);
    await randomPast(tx, SEED);
    return made;
  });
  await withoutTrail();
  for (const days of [1, 3, 40]) await asSystem((tx) => snapshotPipeline(tx, daysBack(days)));
  ({ teamIds } = firm);
  const actors = await Promise.all(firm.userIds.slice(0, 5).map((id) => actorOf(id)));
  people = actors.filter(({ grants }) => grants['reports.view'] !== undefined);
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** As if leads had had that past as they lived it: the trail says that all of it was written just now. */
async function withoutTrail() {
  const connection = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await connection`delete from audit_log where table_name = 'leads'`;
  await connection.end();
}

const daysBack = (days: number) => localDateOf(new Date(Date.now() - days * 86_400_000), 'Asia/Kolkata');

interface Told {
  headlines: (Figure & { label: string })[];
  tables: ReportTable[];
}

const FILTERS: (() => ReportFilter)[] = [
  () => ({}),
  () => ({ from: daysBack(200), to: daysBack(0) }),
  () => ({ from: daysBack(9), to: daysBack(0), team: random.pick(teamIds) }),
  () => ({ from: daysBack(60), to: daysBack(20), person: random.pick(people).userId }),
  () => ({ from: daysBack(60), person: 'none' })
];

/** Every figure of a report that has a list behind it, and how it came to be shown. */
function figuresOf({ headlines, tables }: Told): { place: string; figure: Figure }[] {
  return [
    ...headlines.map((figure) => ({ place: figure.label, figure })),
    ...tables.flatMap(({ title, rows }) =>
      rows.flatMap(({ label, figures }) =>
        Object.entries(figures).map(([column, figure]) => ({
          place: `${title}: ${label}, ${column}`,
          figure
        }))
      )
    )
  ].filter(({ figure }) => figure.rows !== undefined);
}

const WORKED_OUT = new Set<Unit>(['percent', 'minutes', 'days']);

/** The shares and averages of a report. */
const workedOut = ({ headlines, tables }: Pick<Told, 'tables'> & { headlines: Headline[] }) => [
  ...headlines.filter(({ unit }) => WORKED_OUT.has(unit)).map((figure) => ({ place: figure.label, figure })),
  ...tables.flatMap(({ title, columns, rows }) =>
    rows.flatMap(({ label, figures }) =>
      columns
        .filter(({ unit }) => WORKED_OUT.has(unit))
        .map(({ key }) => ({ place: `${title}: ${label}, ${key}`, figure: figures[key]! }))
    )
  )
];

/** What the list that a figure links to comes to, read through the address as the page reads it. */
async function behind(actor: Actor, { rows, measure = 'count' }: Figure) {
  const address = new URL(rowsHref(rows!), 'http://localhost');
  const { of, ...narrowing } = filterIn(rowsInput, address);
  const list = await callerFor(actor).reports.rows({ ...narrowing, of: of! });
  return measure === 'count' ? list.total : list[measure];
}

const plain = (value: number | string | null) => (value === null ? 0 : Number(value));

async function addsUp(actor: Actor, report: Told) {
  const figures = figuresOf(report);
  // Figures that are not nothing say more, so they go first.
  const chosen = figures
    .map((one) => ({ one, order: (plain(one.figure.value) === 0 ? 1 : 0) + random.next() / 2 }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, ASKED);
  for (const { one } of chosen)
    expect(plain(await behind(actor, one.figure)), one.place).toBe(plain(one.figure.value));
  return figures.length;
}

describe('Every figure is what the list behind it comes to', () => {
  for (const name of ['promises', 'escalations', 'reviews', 'referrals', 'ageing'] as const)
    it(`in the report on ${name}`, { timeout: 240_000 }, async () => {
      let figures = 0;
      for (const actor of people)
        for (const filter of FILTERS) {
          const { from: _, to: __, ...now } = filter();
          const report = await callerFor(actor).reports[name](name === 'ageing' ? now : filter());
          figures += await addsUp(actor, report);
        }
      expect(figures).toBeGreaterThan(100);
    });

  it('in the nightly pipeline report', { timeout: 240_000 }, async () => {
    let figures = 0;
    for (const actor of people)
      for (const groupBy of ['team', 'rm', 'product', 'source'] as const)
        figures += await addsUp(actor, await callerFor(actor).reports.pipeline({ groupBy }));
    expect(figures).toBeGreaterThan(100);
  });

  it('in the split of time over time, all of it', { timeout: 240_000 }, async () => {
    for (const actor of people) {
      const report = await callerFor(actor).reports.promises({ from: daysBack(200), to: daysBack(0) });
      const split = report.tables.find(({ key }) => key === 'splitTime')!;
      for (const { place, figure } of figuresOf({ headlines: [], tables: [split] }))
        expect(plain(await behind(actor, figure)), place).toBe(plain(figure.value));
      const counted = split.rows.map(({ figures }) => plain(figures.counted!.value));
      const [whole] = report.headlines.filter(({ label }) => label === 'Our time, on average');
      expect(counted.reduce((sum, one) => sum + one, 0)).toBe(
        (await callerFor(actor).reports.rows(whole!.rows!)).total
      );
    }
  });

  it('averages and shares too, whatever they come to', { timeout: 240_000 }, async () => {
    const [actor] = people;
    const { promises, reviews, referrals, pipeline } = callerFor(actor!).reports;
    const period = { from: daysBack(120), to: daysBack(0) };
    for (const report of [
      await promises(period),
      await reviews(period),
      await referrals(period),
      await pipeline({})
    ]) {
      const worked = workedOut(report);
      expect(worked.length).toBeGreaterThan(3);
      for (const { place, figure } of worked.filter(({ figure }) => figure.value !== null)) {
        expect(opens(figure), place).toBe(true);
        expect(await behind(actor!, figure), place).toBe(figure.value);
      }
    }
  });

  it('in the overview', async () => {
    for (const actor of people) {
      const { headlines } = await callerFor(actor).reports.overview();
      await addsUp(actor, { headlines: Object.values(headlines).flat(), tables: [] });
    }
  });
});

it('lists page by page what it counts, each row once', async () => {
  for (const actor of people)
    for (const of of ['promises', 'ageing', 'escalations', 'reviews', 'referrals', 'pipeline'] as const) {
      const ids: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await callerFor(actor).reports.rows({ of, cursor, limit: 7 });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
        if (!cursor) expect(ids.length, of).toBe(page.total);
      } while (cursor);
      expect(new Set(ids).size, of).toBe(ids.length);
    }
});
