import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, mintUser, type TestFirm } from '../support/firm.ts';
import { asTakenIn, mintLadder } from '../support/ladders.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  superuser = postgres(database.superuserUrl, { max: 2, onnotice: () => undefined });
});

afterAll(async () => {
  await closeDatabase();
  await superuser?.end();
  await database?.drop();
});

beforeEach(async () => {
  await superuser`truncate clocks, notifications, mail_outbox, job_outbox restart identity cascade`;
  await superuser`update users set leave_from = null, leave_to = null, substitute_id = null`;
});

interface Told {
  who: string;
  kind: string;
  title: string;
  body: string;
  reason: string;
  page: string;
}

const told = () =>
  superuser<
    Told[]
  >`select u.name as who, n.kind, n.title, n.body, n.reason, n.subject_kind || ' ' || n.subject_id as page
    from notifications n join users u on u.id = n.user_id order by n.key, n.id`;

const sendOnLeave = (person: { userId: number }, substituteId: number | null) =>
  superuser`update users set leave_from = current_date - 1, leave_to = current_date + 5,
    substitute_id = ${substituteId} where id = ${person.userId}`;

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
    const [rm, head] = await told();
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
    expect((await told()).map(({ who }) => who)).toEqual(['Hema Head']);
    expect((await told())[0]?.body).toContain('in the queue of North');
  });

  test('is not told to a head who may not see it', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.other });
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs: [{ tell: 'head' }] });
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Asha Admin']);
  });

  test('falls to the administrators then, and not to who stands in for a head who is here', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.other });
    await superuser`update users set substitute_id = ${firm.rmHead.userId} where id = ${firm.otherHead.userId}`;
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs: [{ tell: 'head' }] });
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Asha Admin']);
  });

  test('falls to the head where somebody named is here and may not see it, and not to his substitute', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.rm });
    await superuser`update users set substitute_id = ${firm.rm.userId} where id = ${firm.otherRm.userId}`;
    const rungs = [{ tell: 'user' as const, tellUserId: firm.otherRm.userId }];
    await mintLadder(superuser, { kind: 'lead', id, target: 'follow_up', rungs });
    await sweepEscalations();
    expect(await told()).toMatchObject([{ who: 'Hema Head', reason: 'You are told as head of North.' }]);
  });

  test('that was denied meanwhile is told to nobody, and never again', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId });
    await mintLadder(superuser, { kind: 'lead', id, target: 'first_call', rungs: [{ tell: 'assignee' }] });
    await superuser`update leads set status = 'denied', denial_reason = 'x', denied_at = now() where id = ${id}`;
    await asTakenIn(superuser, { kind: 'lead', id });
    await sweepEscalations();
    expect(await told()).toEqual([]);
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
    expect(await told()).toMatchObject([
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
    const rows = await told();
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
    expect((await told()).map(({ who, page }) => `${who}: ${page}`).sort()).toEqual(
      [`Hema Head: client ${hidden}`, `${await nameOf(firm.rm2.userId)}: client ${seen}`].sort()
    );
  });
});

describe('substitutes', () => {
  const work = async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'assignee' }] });
  };

  test('who are away too pass it on to theirs', async () => {
    const third = await asSystem((tx) =>
      mintUser(tx, { role: 'ops_executive', name: 'Tara Third', teamIds: [firm.teams.ops] })
    );
    await sendOnLeave(firm.ops, firm.ops2.userId);
    await sendOnLeave(firm.ops2, third);
    await work();
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Tara Third']);
  });

  test('who stand in for each other and are both away leave it to the head', async () => {
    await sendOnLeave(firm.ops, firm.ops2.userId);
    await sendOnLeave(firm.ops2, firm.ops.userId);
    await work();
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Pia Opshead']);
  });

  test('who are deactivated, or the person himself, leave it to the head', async () => {
    const gone = await asSystem((tx) =>
      mintUser(tx, { role: 'ops_executive', teamIds: [firm.teams.ops], active: false })
    );
    await sendOnLeave(firm.ops, gone);
    await work();
    await sweepEscalations();
    await sendOnLeave(firm.ops, firm.ops.userId);
    await work();
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Pia Opshead', 'Pia Opshead']);
  });

  test('are told whatever the leave where the step tells the substitute', async () => {
    await superuser`update users set substitute_id = ${firm.ops2.userId} where id = ${firm.ops.userId}`;
    const clientId = await mintClient();
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'substitute' }] });
    await sweepEscalations();
    expect(await told()).toMatchObject([{ reason: 'You are told as the substitute of Opal Desk.' }]);
  });

  test('are worked out when people are told, not when the step was due', async () => {
    await work();
    await asSystem((tx) =>
      tx.execute(
        sql`update users set leave_from = current_date, leave_to = current_date where id = ${firm.ops.userId}`
      )
    );
    await sweepEscalations();
    expect((await told()).map(({ who }) => who)).toEqual(['Pia Opshead']);
  });
});

test('what was done between carrying out and telling is told to nobody', async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId });
  await mintLadder(superuser, { kind: 'query', id, rungs: [{ tell: 'assignee' }, { tell: 'head' }] });
  const { carryOutDue } = await import('#lib/escalation/commands.server.ts');
  await asSystem((tx) => carryOutDue(tx, 10));
  await superuser`update clocks set state = 'satisfied', ended_at = now(), next_action_at = null`;
  await sweepEscalations();
  expect(await told()).toEqual([]);
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
