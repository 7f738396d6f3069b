import { describe, expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { carryOut, clientRow, mintRm, plan } from '../support/handovers.ts';
import { waitsOrIsDone } from '../support/lock-waits.ts';
import { mintClient, mintLead, mintQuery } from '../support/records.ts';
import { spokenWork, WAYS, type Spoken } from '../support/spoken-work.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const both = (kinds: Spoken[]) => kinds.flatMap((kind) => WAYS.map((way) => ({ kind, way })));
const noted = (kind: Spoken, id: number) =>
  superuser`select 1 from clock_refresh where subject_kind = ${kind} and subject_id = ${id}`;

describe('a client’s tier', () => {
  // The one that changes it stops between the client and the note of the work.
  test.each(both(['query', 'request']))(
    'and what is $way about a $kind meanwhile both come to an end',
    async ({ kind, way }) => {
      const clientId = await mintClient({ primaryRmId: firm.rm.userId });
      const earlier = await mintQuery({ clientId, rmId: firm.rm.userId });
      const said = await spokenWork(firm.admin, { clientId, rmId: firm.rm.userId, kind });
      const { version } = await clientRow(clientId);
      const all: Promise<unknown>[] = [];
      await superuser.begin(async (person) => {
        await person`insert into clock_refresh (subject_kind, subject_id) values ('query', ${earlier})`;
        all.push(callerFor(firm.rm).clients.update({ id: clientId, version, tier: 'gold' }));
        await waitsOrIsDone(Promise.all(all));
        all.push(said.as(way));
        await waitsOrIsDone(Promise.all(all), 2);
      });
      await Promise.all(all);
      expect((await clientRow(clientId)).tier).toBe('gold');
      expect(await noted(kind, said.workId)).toHaveLength(1);
    }
  );

  // What changes work of which nobody knew when the work was locked.
  test.each(WAYS)('waits in no circle with what is %s about work that came meanwhile', async (way) => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const said = await spokenWork(firm.admin, { clientId, rmId: firm.rm.userId, kind: 'query' });
    let done: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`select 1 from clients where id = ${clientId} for no key update`;
      done = said.as(way);
      await waitsOrIsDone(done);
      await person`update clients set tier = 'gold' where id = ${clientId}`;
    });
    await done;
    expect((await clientRow(clientId)).tier).toBe('gold');
  });

  test('waits for work that goes to another team before its client', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId, teamId: firm.teams.rm });
    const { version } = await clientRow(clientId);
    let changed: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`update queries set priority = 'high' where id = ${queryId}`;
      changed = callerFor(firm.rm).clients.update({ id: clientId, version, tier: 'gold' });
      await waitsOrIsDone(changed);
      // Who sees the client follows.
      await person`update queries set team_id = ${firm.teams.other} where id = ${queryId}`;
    });
    expect(await changed).toMatchObject({ outcome: 'updated', client: { tier: 'gold' } });
  });
});

describe('a client’s tags', () => {
  test('are changed after work of a client that is being merged', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const { setTags } = callerFor(firm.rm).clients;
    await setTags({ clientId, tags: ['family'] });
    await superuser`delete from clock_refresh`;
    let tagged: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (merging) => {
      await merging`select 1 from queries where id = ${queryId} for no key update`;
      await merging`select 1 from clients where id = ${clientId} for update`;
      tagged = setTags({ clientId, tags: ['abroad'] });
      await waitsOrIsDone(tagged);
      await merging`update queries set priority = 'high' where id = ${queryId}`;
    });
    expect(await tagged).toEqual(['abroad']);
  });

  test('given to many note their work in the order in which many are changed at once', async () => {
    const mint = () => mintClient({ primaryRmId: firm.rm.userId });
    const [one, other] = [await mint(), await mint()];
    const first = await mintQuery({ clientId: other, rmId: firm.rm.userId });
    const second = await mintQuery({ clientId: one, rmId: firm.rm.userId });
    await superuser`delete from clock_refresh`;
    let tagged: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (person) => {
      await person`select 1 from queries where id in (${first}, ${second}) order by id for no key update`;
      await person`update queries set priority = 'high' where id = ${first}`;
      tagged = callerFor(firm.rm).clients.addTag({ ids: [one, other], tag: 'abroad' });
      await waitsOrIsDone(tagged);
      await person`update queries set priority = 'high' where id = ${second}`;
    });
    expect(await tagged).toEqual({ added: 2 });
  });
});

describe('a handover to another team', () => {
  // It stops when it has the client and has not written the work yet.
  test.each(both(['query', 'request', 'lead']))(
    'and what is $way about a $kind of it both come to an end',
    async ({ kind, way }) => {
      const rmId = (await mintRm()).userId;
      const to = await mintRm({ teamId: firm.teams.other });
      const clientId = await mintClient({ primaryRmId: rmId });
      const last = await mintClient({ primaryRmId: rmId });
      const said = await spokenWork(firm.admin, { clientId, rmId, kind });
      const all: Promise<unknown>[] = [];
      await superuser.begin(async (person) => {
        await person`select 1 from clients where id = ${last} for update`;
        all.push(carryOut(firm.admin, plan(rmId, [to.userId])));
        await waitsOrIsDone(Promise.all(all));
        all.push(said.as(way));
        await waitsOrIsDone(Promise.all(all), 2);
      });
      await Promise.all(all);
      expect((await clientRow(clientId)).primaryRmId).toBe(to.userId);
      expect(await noted(kind, said.workId)).toHaveLength(1);
    }
  );
});

// As merging locks them.
test.each(['corrected', 'deleted'] as const)(
  'what is %s waits for its work before it is locked',
  async (way) => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const said = await spokenWork(firm.admin, { clientId, rmId: firm.rm.userId, kind: 'query' });
    let done: Promise<unknown> = Promise.resolve();
    await superuser.begin(async (merging) => {
      await merging`select 1 from queries where id = ${said.workId} for no key update`;
      done = said.as(way);
      await waitsOrIsDone(done);
      await merging`select 1 from interactions where id = ${said.interactionId} for no key update nowait`;
      await merging`select 1 from clients where id = ${clientId} for update`;
    });
    await done;
  }
);

test('converting a lead waits for work of a client whose tier it fills before the lead', async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
  const leadId = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.rm, status: 'wip' });
  const sale = { clientId, productId: firm.productId, fillEmpty: true, client: { tier: 'gold' } };
  let converted: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`select 1 from queries where id = ${queryId} for no key update`;
    converted = callerFor(firm.rm).leads.convert({ id: leadId, ...sale });
    await waitsOrIsDone(converted);
    await person`select 1 from leads where id = ${leadId} for no key update nowait`;
  });
  expect(await converted).toMatchObject({ outcome: 'converted', filled: ['tier'] });
});

// As converting does, which makes what was said part of the timeline of the client.
test('what was said with a lead is corrected after the lead is locked', async () => {
  const leadId = await mintLead({ conversionRmId: firm.rm.userId, teamId: firm.teams.rm, status: 'wip' });
  const api = callerFor(firm.rm).leads;
  await api.logContact({ id: leadId, channel: 'call', occurredAt: new Date(Date.now() - 7_200_000) });
  const [said] = await superuser<{ id: number }[]>`
    select id::int as id from lead_contacts where lead_id = ${leadId}`;
  let corrected: Promise<unknown> = Promise.resolve();
  await superuser.begin(async (person) => {
    await person`update leads set next_follow_up_on = '2030-06-12' where id = ${leadId}`;
    corrected = api.updateContact({ id: said?.id ?? 0, version: 1, missed: true });
    await waitsOrIsDone(corrected);
    await person`select 1 from lead_contacts where id = ${said?.id ?? 0} for update`;
  });
  expect(await corrected).toMatchObject({ version: 2 });
});
