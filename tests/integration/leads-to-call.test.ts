import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { previewDigest } from '#lib/digests/reads.server.ts';
import { today } from '#lib/home/today.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { ageingReport } from '#lib/reports/ageing.server.ts';
import { rowsBehind } from '../support/digest-links.ts';
import { mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

beforeEach(() => asSystem((tx) => tx.execute(sql`delete from leads`)));

/** The firm's date some days from today, and when it ends. */
async function day(later: number) {
  const [row] = await asSystem((tx) =>
    tx.execute<{ date: string; ends: string }>(sql`
      select d.day::text as date, ((d.day + 1)::timestamp at time zone f.time_zone)::text as ends
      from firm_settings f cross join lateral (select (now() at time zone f.time_zone)::date + ${later}::int as day) d`)
  );
  return { date: row?.date ?? '', ends: new Date(row?.ends ?? '') };
}

const owe = (leadId: number, target: 'first_call' | 'follow_up', due: Date) =>
  asSystem((tx) =>
    tx.execute(sql`
      insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at)
      select 'lead', ${leadId}, ${target}, (select min(id) from policy_versions), (select min(id) from calendars),
        now() - interval '9 days', ${due.toISOString()}::timestamptz`)
  );

/** A lead to be followed up so many days from today, on a day without hours: its promise lasts until two days later. */
async function onFreeDay(later: number, rm: Actor = firm.rm) {
  const id = await mintLead({
    conversionRmId: rm.userId,
    status: 'wip',
    nextFollowUpOn: (await day(later)).date
  });
  await owe(id, 'follow_up', (await day(later + 2)).ends);
  return id;
}

async function uncalled(daysLeft: number, more: Parameters<typeof mintLead>[0] = {}) {
  const id = await mintLead({ conversionRmId: firm.rm.userId, ...more });
  await owe(id, 'first_call', (await day(daysLeft)).ends);
  return id;
}

const homeOf = (actor: Actor) => asActor(actor, (tx) => today(tx, actor), { readOnly: true });

/** What home and digest count for a person, and the leads behind each figure of the digest. */
async function toldTo(actor: Actor) {
  const { overdue, today: dueToday } = (await homeOf(actor)).toCall;
  const { content } = await asActor(actor, (tx) => previewDigest(tx, actor), { readOnly: true });
  const counts = content.sections.find(({ key }) => key === 'leads')?.counts ?? [];
  const of = (wanted: string) => counts.find(({ key }) => key === wanted);
  const behind = async (wanted: string) => {
    const count = of(wanted);
    return count ? (await rowsBehind(actor, count.path)).paths.map((path) => Number(path.split('/')[2])) : [];
  };
  return {
    home: { overdue, today: dueToday },
    digest: { overdue: of('leadsOverdue')?.total ?? 0, today: of('leadsToday')?.total ?? 0 },
    lists: { overdue: await behind('leadsOverdue'), today: await behind('leadsToday') }
  };
}

it('a follow-up is due on its day and overdue after it, though the firm did not work on that day', async () => {
  const missed = await onFreeDay(-1);
  const due = await onFreeDay(0);
  await onFreeDay(1);
  for (const person of [firm.rm, firm.rmHead])
    expect(await toldTo(person)).toEqual({
      home: { overdue: 1, today: 1 },
      digest: { overdue: 1, today: 1 },
      lists: { overdue: [missed], today: [due] }
    });
  expect((await toldTo(firm.otherRm)).home).toEqual({ overdue: 0, today: 0 });
});

it('a first call that is overdue or due today is counted with them, by home, digest and list', async () => {
  const planned = { nextFollowUpOn: (await day(7)).date };
  const missed = await uncalled(-1);
  const missedAndPlanned = await uncalled(-2, planned);
  const due = await uncalled(0, planned);
  await uncalled(1);
  await uncalled(-1, { status: 'denied', denialReason: 'no_answer' });
  for (const person of [firm.rm, firm.rmHead]) {
    const { lists, ...told } = await toldTo(person);
    expect(told).toEqual({ home: { overdue: 2, today: 1 }, digest: { overdue: 2, today: 1 } });
    expect(lists).toEqual({ overdue: [missedAndPlanned, missed].toSorted((a, b) => b - a), today: [due] });
    const { leads } = (await homeOf(person)).toCall;
    expect(leads.map(({ id }) => id)).toEqual([missedAndPlanned, missed, due]);
    expect(leads.map(({ firstCallDueAt }) => firstCallDueAt)).toEqual([
      (await day(-2)).ends,
      (await day(-1)).ends,
      (await day(0)).ends
    ]);
  }
});

it('a lead with both is counted once, by what is due first', async () => {
  const callLate = await uncalled(-1, { nextFollowUpOn: (await day(0)).date });
  const followUpLate = await uncalled(0, { nextFollowUpOn: (await day(-1)).date });
  expect(await toldTo(firm.rm)).toEqual({
    home: { overdue: 2, today: 0 },
    digest: { overdue: 2, today: 0 },
    lists: { overdue: [followUpLate, callLate], today: [] }
  });
  const { leads } = (await homeOf(firm.rm)).toCall;
  expect(leads.map(({ id, firstCallDueAt }) => [id, firstCallDueAt !== null])).toEqual([
    [callLate, true],
    [followUpLate, false]
  ]);
});

it('open work in reports is late by the same rule', async () => {
  await uncalled(-1, { nextFollowUpOn: (await day(3)).date });
  await uncalled(2, { nextFollowUpOn: (await day(-10)).date });
  await uncalled(2);
  await mintLead({ conversionRmId: firm.rm.userId });
  const report = await asActor(firm.rmHead, (tx) => ageingReport(tx, firm.rmHead, {}), { readOnly: true });
  const [leads] = report.tables.find(({ key }) => key === 'late')?.rows ?? [];
  const told = Object.entries(leads?.figures ?? {}).map(([key, { value }]) => [key, value]);
  expect(Object.fromEntries(told)).toMatchObject({ in_time: 1, longer: 1, none: 1, open: 4, overdue: 2 });
});

it('a first call that was made is owed no more', async () => {
  await uncalled(-1);
  await asSystem((tx) => tx.execute(sql`update clocks set state = 'satisfied', ended_at = now()`));
  expect((await toldTo(firm.rm)).home).toEqual({ overdue: 0, today: 0 });
});

it('leads with nobody yet are counted for the head of their team, as in his digest and in their list', async () => {
  const waiting = await mintLead({ teamId: firm.teams.rm });
  await mintLead({ teamId: firm.teams.other });
  const { nobody } = await homeOf(firm.rmHead);
  expect(nobody).toMatchObject({ total: 1, leads: [{ id: waiting }] });
  expect((await rowsBehind(firm.rmHead, '/leads?rm=waiting&status=open')).total).toBe(1);
  expect((await homeOf(firm.admin)).nobody).toMatchObject({ total: 2 });
  expect((await rowsBehind(firm.admin, '/leads?rm=nobody&status=open')).total).toBe(2);
  expect((await homeOf(firm.rm)).nobody).toBeNull();
});
