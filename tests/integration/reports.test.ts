import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leads } from '#lib/leads/schema.server.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import type { ReportTable } from '#lib/reports/table.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

/** A moment by the wall clock of the firm, in Kolkata. */
const at = (wall: string) => new Date(`${wall}+05:30`);

const rowOf = (tables: ReportTable[], table: string, key: string) =>
  tables.find((one) => one.key === table)!.rows.find((row) => row.key === key)!;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

test('a report that was missed is written as the pipeline stood then', async () => {
  const created = at('2026-03-10T23:30');
  const id = await mintLead({
    name: 'Moves later',
    conversionRmId: firm.rm.userId,
    expectedValue: '1000.00',
    createdAt: created,
    statusChangedAt: created,
    updatedAt: created
  });
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: at('2026-03-11T00:10') });
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  await asSystem((tx) =>
    tx
      .update(leads)
      .set({
        status: 'converted',
        clientId,
        conversionRmId: firm.otherRm.userId,
        convertedAt: new Date(),
        statusChangedAt: new Date(),
        updatedAt: new Date()
      })
      .where(eq(leads.id, id))
  );

  await asSystem((tx) => snapshotPipeline(tx, '2026-03-10'));

  const then = await callerFor(firm.rm).reports.pipeline({ onDate: '2026-03-10', groupBy: 'rm' });
  const fresh = rowOf(then.tables, 'funnel', 'new').figures;
  expect(fresh).toMatchObject({ leads: { value: 1 }, value: { value: '1000.00' }, days: { value: 0 } });
  const [owner] = then.tables.find(({ key }) => key === 'group')!.rows;
  expect(owner).toMatchObject({
    label: firm.rm.name,
    figures: { open: { value: 1 }, created: { value: 1 } }
  });
});

test('a date is written once', async () => {
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: at('2026-04-01T12:00') });

  const first = await asSystem((tx) => snapshotPipeline(tx, '2026-04-01'));
  const second = await asSystem((tx) => snapshotPipeline(tx, '2026-04-01'));

  expect(first).toBeGreaterThan(0);
  expect(second).toBe(0);
});

test('everybody reads the figures of his own people only', async () => {
  await mintLead({ name: 'South', conversionRmId: firm.otherRm.userId, createdAt: at('2026-05-02T12:00') });
  await asSystem((tx) => snapshotPipeline(tx, '2026-05-02'));
  const ownersSeenBy = async (actor: TestFirm['rm']) => {
    const report = await callerFor(actor).reports.pipeline({ onDate: '2026-05-02', groupBy: 'rm' });
    return report.tables.find(({ key }) => key === 'group')!.rows.map(({ label }) => label);
  };

  expect(await ownersSeenBy(firm.rm)).toEqual([firm.rm.name]);
  expect(await ownersSeenBy(firm.rmHead)).toEqual([firm.rm.name]);
  expect(await ownersSeenBy(firm.otherHead)).toEqual([firm.otherRm.name]);
  expect((await ownersSeenBy(firm.admin)).length).toBeGreaterThan(1);
});

test('a person cannot write into a report', async () => {
  const write = asActor(firm.rmHead, (tx) =>
    tx.execute(
      `insert into pipeline_snapshots (on_date, rm_id, status, leads, value, created, moved, days_in_status, days_to_convert)
       values ('2026-01-01', ${firm.rm.userId}, 'new', 1, 1, 0, 0, 0, 0)`
    )
  );

  await expect(write).rejects.toMatchObject({ cause: { code: '42501' } });
});
