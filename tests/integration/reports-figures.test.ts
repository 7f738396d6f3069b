import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { users } from '#lib/people/schema.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { pipelineCsv, slaSummary } from '#lib/reports/digest-parts.server.ts';
import type { TestFirm } from '../support/firm.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';
import { at, figures } from '../support/report-figures.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

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
    expect(figures(tables, 'splitTime', '2026-03-10')).toEqual({
      counted: 1,
      ours: 100,
      client: 40,
      thirdParty: 0
    });
    expect(figures(tables, 'splitTime', '2026-03-11')).toEqual({
      counted: 2,
      ours: 176,
      client: 5,
      thirdParty: 45
    });
    expect(figures(tables, 'splitTime', '2026-03-12')).toMatchObject({ counted: 0, ours: null });
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
