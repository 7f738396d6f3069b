import { describe, expect, test } from 'vitest';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { everythingTold, sendOnLeave, useQuietFirm } from '../support/escalating.ts';
import { asTakenIn, mintLadder } from '../support/ladders.ts';
import { mintClient, mintLead, mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

const day = async (ahead: number) => {
  const [row] = await superuser<{ on: string; words: string }[]>`
    select (d)::text as on, to_char(d, 'FMDD Mon') as words from (
      select (now() at time zone (select time_zone from firm_settings))::date + ${ahead}::int as d) x`;
  if (!row) throw new Error('no day');
  return row;
};

describe('a lead', () => {
  test('tells its RM of the first call and then his head', async () => {
    const id = await mintLead({ name: 'Ravi Rao', conversionRmId: firm.rm.userId, teamId: firm.teams.rm });
    await mintLadder(superuser, {
      ...{ kind: 'lead', id, target: 'first_call' },
      rungs: [
        { kind: 'breach', tell: 'assignee' },
        { kind: 'escalation', tell: 'head' }
      ]
    });
    await sweepEscalations();
    const [rm, head] = await everythingTold();
    expect(rm).toMatchObject({
      kind: 'escalation',
      title: expect.stringMatching(/^LD-\d+ first call is overdue$/) as string,
      page: `lead ${id}`
    });
    expect(rm?.body).toMatch(/^Ravi Rao, with .+\. The first call was due .+\.$/);
    expect(head).toMatchObject({
      who: 'Hema Head',
      title: expect.stringMatching(/first call is still overdue$/) as string,
      reason: 'You are told as head of North.'
    });
  });

  test('that nobody has tells the head of the team it waits with, whatever the step says', async () => {
    const id = await mintLead({ conversionRmId: null, teamId: firm.teams.rm });
    await mintLadder(superuser, { kind: 'lead', id, target: 'first_call', rungs: [{ tell: 'assignee' }] });
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Hema Head']);
    expect((await everythingTold())[0]?.body).toContain('in the queue of North');
  });

  test('is not told to a head who may not see it', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.other });
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs: [{ tell: 'head' }] });
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Asha Admin']);
  });

  test('falls to the administrators then, and not to who stands in for a head who is here', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.other });
    await superuser`update users set substitute_id = ${firm.rmHead.userId} where id = ${firm.otherHead.userId}`;
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs: [{ tell: 'head' }] });
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Asha Admin']);
  });

  test('falls to the head where somebody named is here and may not see it, and not to his substitute', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.rm });
    await superuser`update users set substitute_id = ${firm.rm.userId} where id = ${firm.otherRm.userId}`;
    const rungs = [{ tell: 'user' as const, tellUserId: firm.otherRm.userId }];
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs });
    await sweepEscalations();
    expect(await everythingTold()).toMatchObject([
      { who: 'Hema Head', reason: 'You are told as head of North.' }
    ]);
  });

  test('that was denied meanwhile is told to nobody, and never again', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId });
    await mintLadder(superuser, { kind: 'lead', id, target: 'first_call', rungs: [{ tell: 'assignee' }] });
    await superuser`update leads set status = 'denied', denial_reason = 'x', denied_at = now() where id = ${id}`;
    await asTakenIn(superuser, { kind: 'lead', id });
    await sweepEscalations();
    expect(await everythingTold()).toEqual([]);
    const [step] =
      await superuser`select told_user_ids as ids, told_at is not null as settled from escalations`;
    expect(step).toEqual({ ids: [], settled: true });
  });
});

describe('a client', () => {
  test.each([
    [7, 'warning', (on: string) => `Portfolio review of Meera Shah on ${on} is a week ahead`],
    [1, 'warning', (on: string) => `Portfolio review of Meera Shah on ${on} is tomorrow`],
    [0, 'warning', () => 'Portfolio review of Meera Shah is due today'],
    [-3, 'breach', (on: string) => `Portfolio review of Meera Shah is overdue since ${on}`]
  ] as const)('has a review %i days ahead', async (ahead, kind, title) => {
    const { on, words } = await day(ahead);
    const id = await mintClient({ name: 'Meera Shah', primaryRmId: firm.rm.userId });
    const rungs = [{ kind, tell: 'assignee' as const }];
    await mintLadder(superuser, {
      kind: 'client',
      id,
      target: 'review',
      dueAgo: -24 * ahead,
      onDate: on,
      rungs
    });
    await sweepEscalations();
    expect(await everythingTold()).toMatchObject([
      {
        kind: 'review',
        title: title(words),
        page: `client ${id}`,
        reason: 'You are told because you are the relationship manager.'
      }
    ]);
  });

  test('without contact tells the primary, the secondary and the head of the primary', async () => {
    const id = await mintClient({
      name: 'Meera Shah',
      primaryRmId: firm.rm.userId,
      secondaryRmId: firm.rm2.userId
    });
    await mintLadder(superuser, {
      ...{ kind: 'client', id, target: 'contact' },
      rungs: [{ kind: 'breach', tell: 'assignee' }, { tell: 'secondary' }, { tell: 'head' }]
    });
    await sweepEscalations();
    const rows = await everythingTold();
    expect(rows[0]?.title).toMatch(/^Contact with Meera Shah is overdue since /);
    expect(rows.map(({ reason }) => reason)).toEqual([
      'You are told because you are the relationship manager.',
      'You are told as the second point of contact.',
      'You are told as head of North.'
    ]);
  });

  test('whose RM is on leave tells the substitute who sees it, and the head where he does not', async () => {
    await sendOnLeave(firm.rm, firm.rm2.userId);
    const seen = await mintClient({ primaryRmId: firm.rm.userId, secondaryRmId: firm.rm2.userId });
    const hidden = await mintClient({ primaryRmId: firm.rm.userId });
    for (const id of [seen, hidden])
      await mintLadder(superuser, { kind: 'client', id, target: 'contact', rungs: [{ tell: 'assignee' }] });
    await sweepEscalations();
    expect((await everythingTold()).map(({ who, page }) => `${who}: ${page}`).sort()).toEqual(
      [`Hema Head: client ${hidden}`, `${await nameOf(firm.rm2.userId)}: client ${seen}`].sort()
    );
  });
});

test('what was done between carrying out and telling is told to nobody', async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId });
  await mintLadder(superuser, { kind: 'query', id, rungs: [{ tell: 'assignee' }, { tell: 'head' }] });
  await asSystem((tx) => carryOutDue(tx, 10));
  await superuser`update clocks set state = 'satisfied', ended_at = now(), next_action_at = null`;
  await sweepEscalations();
  expect(await everythingTold()).toEqual([]);
});

test('many across kinds come as one message, the most urgent first, with a page that shows them all', async () => {
  const clientId = await mintClient({ name: 'Meera Shah', primaryRmId: firm.rm.userId });
  for (let n = 0; n < 3; n++) {
    const query = await mintQuery({ clientId, rmId: firm.rm.userId });
    await mintLadder(superuser, {
      kind: 'query',
      id: query,
      dueAgo: -5,
      rungs: [{ kind: 'warning', tell: 'assignee' }]
    });
    const lead = await mintLead({ conversionRmId: firm.rm.userId });
    await mintLadder(superuser, {
      ...{ kind: 'lead', id: lead, target: 'first_call', dueAgo: n + 1 },
      rungs: [{ kind: 'breach', tell: 'assignee' }]
    });
  }
  await sweepEscalations();
  const [message, ...others] = await superuser<{ title: string; body: string; page: string }[]>`
    select title, body, subject_kind as page from notifications`;
  expect(others).toEqual([]);
  expect(message).toMatchObject({ title: '6 promises need attention', page: 'promises' });
  const lines = message?.body.split('\n') ?? [];
  expect(lines.map((line) => line.slice(0, 2))).toEqual(['LD', 'LD', 'LD', 'QR', 'QR', 'QR']);
});

async function nameOf(id: number): Promise<string> {
  const [row] = await superuser<{ name: string }[]>`select name from users where id = ${id}`;
  return row?.name ?? '';
}
