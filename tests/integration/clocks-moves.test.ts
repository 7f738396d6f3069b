import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { clientTags, clients } from '#lib/clients/schema.server.ts';
import { serviceRequests } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { doDeeds } from '#lib/escalation/deeds.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute } from '#lib/policies/recompute.server.ts';
import { mintClient, mintRequest, mintRequestType } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, drain, mintPolicy, newQuery, promiseTwoDays } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(promiseTwoDays);

const nameOf = async (id: number) =>
  (await asSystem((tx) => tx.select({ name: users.name }).from(users).where(eq(users.id, id))))[0]?.name;

/** What the explanation of the resolution says about what moved it. */
async function moves(kind: 'query' | 'request', id: number): Promise<string[]> {
  const clocks = await callerFor(firm.admin).clocks.forSubject({ kind, id });
  const clock = clocks.find(({ target }) => target === 'resolution');
  return (clock?.words ?? []).filter((sentence) => / on \w+ \d+ \w+, \d\d:\d\d(:|;|\.)/.test(sentence));
}

/** The sentence with its moments left out. */
const bare = (sentence: string | undefined) =>
  sentence?.replaceAll(/[A-Z][a-z]+day \d+ \w+, \d\d:\d\d/g, '…') ?? '';

async function runningQuery(client: Parameters<typeof newQuery>[1] = {}) {
  const query = await newQuery(firm.rm.userId, client);
  await asSystem((tx) => startClocks(tx, query.subject, { at: at('16T10:00') }));
  return query;
}

const finishAll = async () => {
  const waiting = await asSystem((tx) =>
    tx.execute<{ id: number }>(
      sql`select id::int as id from clock_recomputes where finished_at is null order by id`
    )
  );
  for (const { id } of waiting) await recompute(id);
};

describe('why a due time moved', () => {
  test('names who changed the priority, from what to what, when, and what is promised since', async () => {
    await mintPolicy({ key: 'Urgent work', kind: 'query', hours: 4, when: { priority: 'urgent' } });
    const { id } = await runningQuery();
    expect(await moves('query', id)).toEqual([]);
    await callerFor(firm.rm).queries.update({ id, version: 1, priority: 'urgent' });
    const [sentence, ...more] = await moves('query', id);
    expect(more).toEqual([]);
    const rm = await nameOf(firm.rm.userId);
    expect(bare(sentence)).toBe(
      `${rm} changed the priority from normal to urgent on …: the promise was made anew under Urgent work, version 1, ` +
        'with 4 h of working time instead of 17 h of working time, and the due time moved from … to ….'
    );
    expect(sentence).toContain('from Wednesday 18 November, 10:00 to Monday 16 November, 14:00.');
    await drain();
    expect(await moves('query', id)).toEqual([sentence]);
    await callerFor(firm.rm).queries.update({ id, version: 2, priority: 'high' });
    await callerFor(firm.rm).queries.update({ id, version: 3, priority: 'low' });
    expect((await moves('query', id)).slice(1).map(bare)).toEqual([
      expect.stringContaining(
        'changed the priority from urgent to high on …: the promise was made anew under'
      )
    ]);
  });

  test('names the team that work was handed to, and the client’s tier and tags', async () => {
    const when = { teamId: firm.teams.rm };
    await mintPolicy({ key: 'Of the team', kind: 'query', hours: 2, when });
    const { id, clientId } = await runningQuery();
    await callerFor(firm.admin).queries.assign({ id, version: 1, rmId: firm.rm.userId });
    const admin = await nameOf(firm.admin.userId);
    expect(bare((await moves('query', id))[0])).toMatch(
      new RegExp(
        `^${admin} changed the team from none to [^:]+ on …: the promise was made anew under Of the team`
      )
    );

    await mintPolicy({ key: 'For gold', kind: 'query', hours: 1, when: { clientTier: 'gold' } });
    await asSystem((tx) => tx.update(clients).set({ tier: 'gold' }).where(eq(clients.id, clientId)), {
      onBehalfOf: firm.rmHead.userId
    });
    await drain();
    const head = await nameOf(firm.rmHead.userId);
    expect(bare((await moves('query', id))[1])).toContain(
      `${head} changed the client’s tier from none to gold on …: the promise was made anew under For gold, version 1`
    );

    await mintPolicy({ key: 'For family', kind: 'query', hours: 3, when: { clientTag: 'family' } });
    await asSystem((tx) => tx.insert(clientTags).values({ clientId, tag: 'family' }), {
      onBehalfOf: firm.rmHead.userId
    });
    await drain();
    expect(bare((await moves('query', id))[2])).toContain(`${head} gave the client the tag family on …: `);
  });

  test('names the type of a request', async () => {
    const typeId = await mintRequestType();
    await mintPolicy({ key: 'Of the type', kind: 'request', hours: 5, when: { requestTypeId: typeId } });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    const subject = { kind: 'request' as const, id, clientId, requestTypeId: firm.requestTypeId };
    await asSystem((tx) => startClocks(tx, { ...subject, priority: 'normal' }, { at: at('16T10:00') }));
    await asSystem((tx) => tx.update(serviceRequests).set({ typeId }).where(eq(serviceRequests.id, id)), {
      onBehalfOf: firm.ops.userId
    });
    await drain();
    const ops = await nameOf(firm.ops.userId);
    expect(bare((await moves('request', id))[0])).toMatch(
      new RegExp(
        `^${ops} changed the type from .+ to .+ on …: the promise was made anew under Of the type, version 1`
      )
    );
  });

  test('says that a step raised the priority', async () => {
    const { id } = await runningQuery();
    const policy = await mintPolicy({
      key: 'Raising',
      kind: 'query',
      hours: 1,
      when: { clientTag: 'raising' }
    });
    await mintPolicy({ key: 'High work', kind: 'query', hours: 7, when: { priority: 'high' } });
    await asSystem((tx) =>
      tx.execute(sql`update policy_steps set does = '{notify,raise_priority}' where policy_version_id = ${policy.versionId}
        and key = 'breach'`)
    );
    await asSystem((tx) =>
      tx.execute(
        sql`insert into client_tags (client_id, tag) select client_id, 'raising' from queries where id = ${id}`
      )
    );
    await drain();
    await asSystem((tx) => carryOutDue(tx, 1000));
    await asSystem((tx) => doDeeds(tx, 1000));
    expect((await moves('query', id)).map(bare).at(-1)).toContain(
      'The priority was changed from normal to high, as a step of the policy says, on …: the promise was made anew under High work, version 1'
    );
  });
});

const hours = '09:30-18:00';
const everyDay = {
  ...{ name: 'Every day', timeZone: 'Asia/Kolkata', monday: hours, tuesday: hours, wednesday: hours },
  ...{ thursday: hours, friday: hours, saturday: hours, sunday: hours }
};

describe('an edit', () => {
  const step = {
    target: 'resolution',
    when: 'percent',
    amount: 100,
    tell: 'head',
    does: ['notify']
  } as const;
  test('of a policy and of a calendar is named, with who made it', async () => {
    const typeId = await mintRequestType();
    const api = callerFor(firm.admin).policies;
    const calendarId = (await callerFor(firm.admin).calendars.create(everyDay)).id;
    const rest = {
      requestTypeId: typeId,
      calendarId,
      pausesClient: true,
      pausesThirdParty: false,
      workingHoursOnly: false
    };
    const targets = (amount: number) => [
      { target: 'resolution' as const, amount, unit: 'working_days' as const }
    ];
    const fields = {
      name: 'Mandates',
      ...rest,
      targets: targets(3),
      steps: [{ ...step, does: [...step.does] }]
    };
    const { id: policyId } = await api.create({ ...fields, subjectKind: 'request' });
    await finishAll();
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const [{ id }, { id: waits }] = await Promise.all([
      callerFor(firm.rm).requests.open({ clientId, typeId }),
      callerFor(firm.rm).requests.open({ clientId, typeId })
    ]);
    await callerFor(firm.opsHead).requests.assign({ id: waits, version: 1, assigneeId: firm.ops.userId });
    await callerFor(firm.opsHead).requests.start({ id: waits });
    await callerFor(firm.opsHead).requests.wait({
      id: waits,
      waitingOn: 'client',
      reason: 'A form is missing'
    });
    const { version, steps } = await api.byId({ id: policyId });
    const kept = steps.map(({ tellUserName: _, ...row }) => row);
    await api.update({ ...fields, targets: targets(9), steps: kept, id: policyId, version });
    await finishAll();
    const admin = await nameOf(firm.admin.userId);
    expect(bare((await moves('request', id))[0])).toBe(
      `${admin} changed the policy Mandates (Changed to version 2) on …: the promise was made anew under Mandates, version 2, ` +
        'with 9 working days instead of 3 working days, and the due time moved from … to ….'
    );
    expect(bare((await moves('request', waits))[0])).toContain('(Changed to version 2) on …');

    const calendar = await callerFor(firm.admin).calendars.byId({ id: calendarId });
    const on = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await callerFor(firm.admin).calendars.addDay({
      id: calendarId,
      version: calendar.version,
      on,
      name: 'Founders’ day',
      hours: ''
    });
    await finishAll();
    for (const one of [id, waits])
      expect(bare((await moves('request', one))[1])).toMatch(
        new RegExp(
          `^${admin} changed the calendar ${calendar.name} \\(.+\\) on …(: the due time moved from … to …)?\\.$`
        )
      );
  });
});
