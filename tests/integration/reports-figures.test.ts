import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '#lib/people/schema.server.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { pipelineCsv, slaSummary } from '#lib/reports/digest-parts.server.ts';
import type { ReportTable } from '#lib/reports/table.ts';
import { portfolioReviews } from '#lib/reviews/schema.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintLead, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

/** A moment by the wall clock of the firm, in Kolkata. */
const at = (wall: string) => new Date(`${wall}+05:30`);

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

interface Ended {
  kind: 'query' | 'request' | 'lead';
  id: number;
  at: string;
  late?: boolean;
  minutes?: [ours: number, client: number, thirdParty: number];
}

const mintEnded = ({ kind, id, at: wall, late = false, minutes }: Ended) =>
  asSystem((tx) =>
    tx.execute(sql`
      insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, state, started_at, ended_at, breached_at,
        minutes_ours, minutes_client, minutes_third_party)
      select ${kind}, ${id}, 'resolution', v.id, v.calendar_id, 'satisfied', ${at(wall).toISOString()}::timestamptz - interval '3 days',
        ${at(wall).toISOString()}::timestamptz, case when ${late} then now() end, ${minutes?.[0] ?? null}::int, ${minutes?.[1] ?? null}::int,
        ${minutes?.[2] ?? null}::int
      from policy_versions v order by v.id limit 1`)
  );

/** The figures of a row as plain values. */
function figures(tables: ReportTable[], table: string, label: string | null) {
  const row = tables.find(({ key }) => key === table)?.rows.find((one) => one.label === label);
  return row && Object.fromEntries(Object.entries(row.figures).map(([key, { value }]) => [key, value]));
}

describe('The report on promises', () => {
  const march = { from: '2026-03-09', to: '2026-03-12' };

  beforeAll(async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const query = (rmId: number | null) => mintQuery({ clientId, rmId, teamId: firm.teams.rm });
    const request = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    // Half past eleven at night is that day's; ten past midnight is the next day's, though UTC has the same day.
    await mintEnded({
      kind: 'query',
      id: await query(firm.rm.userId),
      at: '2026-03-10T23:30',
      minutes: [100, 40, 0]
    });
    await mintEnded({
      kind: 'query',
      id: await query(firm.goneId),
      at: '2026-03-11T00:10',
      late: true,
      minutes: [301, 0, 0]
    });
    await mintEnded({ kind: 'query', id: await query(null), at: '2026-03-11T12:00' });
    await mintEnded({ kind: 'request', id: request, at: '2026-03-11T12:00', minutes: [50, 10, 90] });
    await mintEnded({ kind: 'query', id: await query(firm.rm.userId), at: '2026-03-13T00:00', late: true });
  });

  it('counts by the firm’s days, whose promise it was, and whose time it took', async () => {
    const { tables, headlines } = await callerFor(firm.admin).reports.promises(march);
    expect(figures(tables, 'time', '2026-03-09')).toMatchObject({ ended: 0, rate: null });
    expect(figures(tables, 'time', '2026-03-10')).toEqual({ ended: 1, kept: 1, late: 0, rate: 1 });
    expect(figures(tables, 'time', '2026-03-11')).toEqual({ ended: 3, kept: 2, late: 1, rate: 2 / 3 });
    expect(figures(tables, 'time', '2026-03-12')).toMatchObject({ ended: 0 });
    expect(figures(tables, 'type', 'Query: resolution')).toMatchObject({ ended: 3, late: 1 });
    expect(figures(tables, 'split', 'Query: resolution')).toEqual({
      counted: 2,
      ours: 201,
      client: 20,
      thirdParty: 0
    });
    expect(figures(tables, 'splitTeam', 'Operations')).toEqual({
      counted: 1,
      ours: 50,
      client: 10,
      thirdParty: 90
    });
    expect(headlines.find(({ key }) => key === 'unknown')?.value).toBe(1);
  });

  it('still names somebody who left, and what nobody has', async () => {
    const { tables } = await callerFor(firm.admin).reports.promises(march);
    const people = tables.find(({ key }) => key === 'person')!.rows;
    expect(people.find(({ label }) => label === 'Gita Gone')).toMatchObject({ former: true });
    expect(people.at(-1)).toMatchObject({
      label: null,
      none: 'Nobody yet',
      figures: { ended: { value: 1 } }
    });
  });

  it('tells heads and RMs of what they see alone', async () => {
    const ended = async (actor: TestFirm['rm'], filter = {}) =>
      (await callerFor(actor).reports.promises({ ...march, ...filter })).headlines.find(
        ({ key }) => key === 'ended'
      )?.value;
    expect(await ended(firm.rmHead)).toBe(4);
    expect(await ended(firm.rm)).toBe(4);
    expect(await ended(firm.otherRm)).toBe(0);
    expect(await ended(firm.otherHead)).toBe(1);
    expect(await ended(firm.admin, { person: 'none' })).toBe(1);
    expect(await ended(firm.admin, { team: firm.teams.ops })).toBe(1);
    expect(await ended(firm.admin, { requestType: firm.requestTypeId })).toBe(1);
  });

  it('refuses a period that ends before it begins', async () => {
    await expect(
      callerFor(firm.admin).reports.promises({ from: '2026-03-12', to: '2026-03-01' })
    ).rejects.toThrow('The period ends before it begins');
  });

  it('gives administrators the same for their weekly letter', async () => {
    const { all, teams } = await asActor(firm.admin, (tx) => slaSummary(tx, march.from, march.to));
    expect(all).toEqual({ ended: 4, late: 1, ours: 150, client: 17, thirdParty: 30 });
    expect(teams.map(({ name, ended }) => [name, ended])).toEqual([
      ['North', 3],
      ['Operations', 1]
    ]);
  });
});

describe('The referral ledger', () => {
  it('groups what was typed alike, links clients the reader sees, and says what came of it', async () => {
    const giver = await mintClient({ primaryRmId: firm.rm.userId, name: 'Gives often' });
    const lead = {
      conversionRmId: firm.rm.userId,
      obtainedById: firm.rm.userId,
      createdAt: at('2026-05-04T10:00')
    };
    await mintLead({ ...lead, givenBy: 'Dr. Rao', expectedValue: '100.50' });
    await mintLead({
      ...lead,
      givenBy: '  dr.  RAO',
      status: 'denied',
      denialReason: 'budget',
      expectedValue: '10.00'
    });
    await mintLead({
      ...lead,
      givenBy: 'x',
      givenByClientId: giver,
      status: 'converted',
      clientId: giver,
      convertedAt: new Date(),
      expectedValue: '2000.25'
    });
    await mintLead({ ...lead, expectedValue: '5.00', currency: 'USD' });
    await mintLead({ ...lead, conversionRmId: firm.otherRm.userId, givenByClientId: giver });
    const may = { from: '2026-05-04', to: '2026-05-04' };

    const own = await callerFor(firm.rm).reports.referrals(may);
    expect(figures(own.tables, 'giver', 'Gives often')).toMatchObject({
      leads: 2,
      converted: 1,
      won: '2000.25'
    });
    expect(figures(own.tables, 'giver', '  dr.  RAO'.trim())).toMatchObject({
      leads: 2,
      denied: 1,
      open: 1,
      value: '110.50'
    });
    expect(figures(own.tables, 'giver', null)).toMatchObject({ leads: 1, value: '0' });
    expect(own.tables[0]?.rows.find(({ label }) => label === 'Gives often')?.href).toBe(`/clients/${giver}`);

    const others = await callerFor(firm.otherRm).reports.referrals(may);
    expect(others.tables[0]?.rows).toMatchObject([
      { key: 'hidden', label: null, figures: { leads: { value: 1 } } }
    ]);
    expect(JSON.stringify(others)).not.toContain('Gives often');
  });
});

describe('The report on portfolio reviews', () => {
  it('says which were held in time and late, which are overdue, and whom nobody ever reviewed', async () => {
    const rm = { primaryRmId: firm.otherRm.userId, lifecycle: 'active' as const };
    const reviewed = await mintClient({ ...rm, reviewEveryMonths: 2, nextReviewOn: '2026-06-30' });
    await mintClient({ ...rm, name: 'Never' });
    const hold = async (heldOn: string, nextOn: string | null) => {
      const interactionId = await mintInteraction({
        clientId: reviewed,
        userId: firm.otherRm.userId,
        purpose: 'portfolio_review',
        occurredAt: at(`${heldOn}T11:00`)
      });
      await asSystem((tx) => tx.insert(portfolioReviews).values({ interactionId, heldOn, nextOn }));
    };
    await hold('2026-01-10', '2026-02-10');
    await hold('2026-02-10', null);
    await hold('2026-04-20', '2026-06-30');
    const { tables } = await callerFor(firm.otherRm).reports.reviews({
      from: '2026-02-01',
      to: '2026-06-30'
    });
    // Due as agreed on the 10th of February, then by the interval on the 10th of April, then on the 30th of June.
    expect(figures(tables, 'duePerson', 'Osman South')).toEqual({
      due: 3,
      in_time: 1,
      late: 1,
      overdue: 1,
      coming: 0
    });
    expect(figures(tables, 'person', 'Osman South')).toEqual({
      ...{ clients: 2, reviewed: 1, coverage: 0.5, planned: 0, overdue: 1, unplanned: 1, never: 1 }
    });
  });
});

describe('A table as a file', () => {
  it('has the figures of the page, and none for executives', async () => {
    const wanted = {
      report: 'promises',
      table: 'team',
      filter: { from: '2026-03-09', to: '2026-03-12' }
    } as const;
    expect(await callerFor(firm.admin).exports.report(wanted)).toMatchObject({ rows: 2 });
    await expect(callerFor(firm.rm).exports.report(wanted)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(callerFor(firm.admin).exports.report({ ...wanted, table: 'nothing' })).rejects.toMatchObject(
      {
        code: 'NOT_FOUND'
      }
    );
  });

  it('of the nightly report goes with the letter as far as its reader sees', async () => {
    await mintLead({
      conversionRmId: firm.rm.userId,
      createdAt: at('2026-07-01T09:00'),
      expectedValue: '70.00',
      mode: 'call'
    });
    await mintLead({ conversionRmId: firm.otherRm.userId, createdAt: at('2026-07-01T09:00') });
    await asSystem((tx) => snapshotPipeline(tx, '2026-07-01'));
    const file = await asActor(firm.rmHead, (tx) => pipelineCsv(tx, '2026-07-01'));
    expect(file?.name).toBe('pipeline-2026-07-01.csv');
    expect(file?.text).toContain(
      '2026-07-01,North,Ravi Manager,,Call,New,,1,70.00,1,0,0,0,0.00,0,1,0,0,0\r\n'
    );
    expect(file?.text).not.toContain('Osman');
    expect(await asActor(firm.rmHead, (tx) => pipelineCsv(tx, '2026-07-02'))).toBeNull();
  });
});

it('files a missed night under the team the RM was with then', async () => {
  await mintLead({ conversionRmId: firm.rm2.userId, createdAt: at('2026-08-01T09:00') });
  await asSystem((tx) =>
    tx
      .update(users)
      .set({ mainTeamId: firm.teams.other })
      .where(sql`id = ${firm.rm2.userId}`)
  );
  await asSystem((tx) => snapshotPipeline(tx, '2026-08-01'));
  const rows = await asSystem((tx) =>
    tx.execute(sql`select team_id::int as team from pipeline_snapshots
      where rm_id = ${firm.rm2.userId} and on_date = '2026-08-01'`)
  );
  expect([...rows]).toEqual([{ team: firm.teams.rm }]);
});
