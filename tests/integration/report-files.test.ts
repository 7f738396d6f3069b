import { expect, it } from 'vitest';
import { csvAnswer } from '#lib/exports/answer.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { REPORTS } from '#lib/reports/names.ts';
import { randomPast } from '../support/report-history.ts';
import { mintClient, mintLead, mintQuery } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

/** The column of shares of each report that has one. */
const PERCENTS: Record<string, string> = {
  promises: 'Hit rate (%)',
  reviews: 'Coverage (%)',
  referrals: 'Conversion (%)'
};

const api = () => callerFor(firm.admin);

/** The headings and first lines of every file of every report, and of the nightly one on a date. */
async function files(onDate: string, compareWith: string): Promise<Map<string, string[][]>> {
  const found = new Map<string, string[][]>();
  const take = async (name: string, wanted: Parameters<ReturnType<typeof api>['exports']['report']>[0]) => {
    const text = await csvAnswer(firm.admin, await api().exports.report(wanted)).text();
    const lines = text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n');
    found.set(
      name,
      lines.map((line) => line.split(','))
    );
  };
  for (const report of REPORTS)
    for (const { key } of (await api().reports[report]({})).tables)
      await take(`${report} ${key}`, { report, table: key, filter: {} });
  const filter = { onDate, compareWith };
  for (const { key } of (await api().reports.pipeline(filter)).tables)
    await take(`pipeline ${key}`, { report: 'pipeline', table: key, filter });
  return found;
}

const headings = (found: Map<string, string[][]>) =>
  new Map([...found].map(([name, [first = []]]) => [name, first.join()]));

it('names its columns by what they hold, the same whatever there is to count', async () => {
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: new Date('2026-03-01') });
  await asSystem((tx) => snapshotPipeline(tx, '2026-03-10'));
  const before = await files('2026-03-10', '2026-03-09');
  for (const count of [1, 2, 3]) {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: `Client ${count}` });
    await mintQuery({ clientId, rmId: firm.rm.userId });
    await mintLead({ conversionRmId: firm.rm.userId, obtainedById: firm.rm.userId, expectedValue: '70' });
  }
  await asSystem((tx) => randomPast(tx, 7));
  await asSystem((tx) => snapshotPipeline(tx, '2026-03-12'));
  const after = await files('2026-03-12', '2026-03-10');

  expect(headings(after)).toEqual(headings(before));
  for (const [name, heading] of headings(after)) {
    expect([name, heading]).toEqual([name, expect.not.stringMatching(/of 1|undefined|\d\d\d\d-/)]);
    expect([name, new Set(heading.split(',')).size]).toEqual([name, heading.split(',').length]);
  }
  expect(headings(after).get('pipeline funnel')).toBe(
    'Status,Leads,Value (INR),Average time there (days),Leads then,Change,Value then (INR),Change in value (INR)'
  );
});

it('writes shares as percents', async () => {
  const found = await files('2026-03-12', '2026-03-10');
  const all: (string | undefined)[] = [];
  for (const [report, name] of Object.entries(PERCENTS)) {
    const tables = [...found].filter(([table, [first]]) => table.startsWith(report) && first?.includes(name));
    expect([report, tables.length]).not.toEqual([report, 0]);
    const shares = tables.flatMap(([, [first = [], ...rows]]) => rows.map((row) => row[first.indexOf(name)]));
    for (const share of shares) expect(share).toMatch(/^(\d{1,2}(\.\d)?|100)?$/);
    all.push(...shares);
  }
  expect(all.some((share) => Number(share) > 1)).toBe(true);
});
