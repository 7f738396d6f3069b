import { beforeAll, expect, it } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { csvAnswer } from '#lib/exports/answer.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import type { Figure } from '#lib/reports/table.ts';
import { mintLead } from '../support/records.ts';
import { at, figures } from '../support/report-figures.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const api = () => callerFor(firm.admin);
const report = () =>
  api().reports.pipeline({ onDate: '2026-03-12', compareWith: '2026-03-10', groupBy: 'rm' });
const rowsOf = ({ rows }: Figure) => api().reports.rows(rows!);

beforeAll(async () => {
  const lead = (values: Parameters<typeof mintLead>[0]) =>
    mintLead({ createdAt: at('2026-03-09T10:00'), conversionRmId: firm.rm.userId, ...values });
  await lead({ statusChangedAt: at('2026-03-09T10:00') });
  await lead({ status: 'wip', statusChangedAt: at('2026-03-11T15:00'), expectedValue: '200.00' });
  const denied = at('2026-03-12T15:00');
  await lead({ status: 'denied', denialReason: 'budget', statusChangedAt: denied, deniedAt: denied });
  // Entered and begun on the same day; entered as it is now.
  const entered = at('2026-03-12T09:00');
  await lead({ status: 'wip', createdAt: entered, statusChangedAt: at('2026-03-12T11:00') });
  await lead({ status: 'wip', createdAt: entered, statusChangedAt: entered });
  for (const day of ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'])
    await asSystem((tx) => snapshotPipeline(tx, day));
});

it('counts leads that moved to another status, by group and on each date', async () => {
  const { tables, headlines } = await report();
  const moved = headlines.find(({ key }) => key === 'moved')!;
  expect(moved).toMatchObject({ label: 'Moved', value: 3 });
  expect(await rowsOf(moved)).toMatchObject({ leads: 3 });
  const entered = headlines.find(({ key }) => key === 'created')!;
  expect(await rowsOf(entered)).toMatchObject({ leads: 2 });
  expect(figures(tables, 'group', firm.rm.name)).toMatchObject({ created: 2, moved: 3, denied: 1 });
  expect(figures(tables, 'trend', '2026-03-11')).toMatchObject({ moved: 1 });
  expect(figures(tables, 'trend', '2026-03-12')).toMatchObject({ created: 2, moved: 2 });
});

it('leads to the rows of the night by the status they moved to, and from there to the leads', async () => {
  const { tables } = await report();
  const [row] = tables.find(({ key }) => key === 'group')!.rows;
  const { items } = await rowsOf(row!.figures.moved!);
  expect(items.map(({ state, onDate, leads }) => [state, onDate, leads])).toEqual(
    expect.arrayContaining([
      ['wip', '2026-03-11', 1],
      ['wip', '2026-03-12', 1],
      ['denied', '2026-03-12', 1]
    ])
  );
  const filter = { movedFrom: '2026-03-11', movedTo: '2026-03-12' };
  expect((await api().leads.list({ filter: { ...filter, moved: true } })).total).toBe(3);
  expect((await api().leads.list({ filter })).total).toBe(4);
});

it('tells the value of leads where it is kept of those alone that are counted', async () => {
  const { headlines, tables } = await report();
  const valueBehind = async (key: string) => (await rowsOf(headlines.find((one) => one.key === key)!)).value;
  expect(await Promise.all(['open', 'won', 'created', 'moved', 'denied'].map(valueBehind))).toEqual([
    '200.00',
    '0',
    null,
    null,
    null
  ]);
  const age = tables.find(({ key }) => key === 'ages')!.rows.find(({ key }) => key === 'wip')!.figures.week!;
  const { items, value } = await rowsOf(age);
  expect([value, items.map((row) => row.value)]).toEqual([null, [null]]);
});

it('has them in its file', async () => {
  const file = await api().exports.report({
    report: 'pipeline',
    table: 'trend',
    filter: { onDate: '2026-03-12', compareWith: '2026-03-10' }
  });
  const lines = (await csvAnswer(firm.admin, file).text()).trimEnd().split('\r\n');
  const column = lines[0]!.split(',').indexOf('Moved');
  expect(lines.slice(1).map((line) => line.split(',')[column])).toEqual(['0', '1', '2']);
});

it('says of a day on which nothing happened that nothing did', async () => {
  const quiet = { onDate: '2026-03-13', compareWith: '2026-03-12' };
  const { headlines } = await api().reports.pipeline(quiet);
  const told = Object.fromEntries(headlines.map(({ key, value }) => [key, value]));
  expect(told).toMatchObject({ created: 0, moved: 0, converted: 0, denied: 0, won: '0', toConvert: null });
});
