import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintHolding } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const api = (actor: Actor) => callerFor(actor).clients;

async function create(more: object = {}) {
  const answer = await api(firm.rm).create({
    kind: 'individual',
    name: 'Hari Joshi',
    panExemptReason: 'Applied for',
    ...more
  });
  if (answer.outcome !== 'created') throw new Error(answer.outcome);
  return answer.client.id;
}

const told = async (clientId: number) =>
  (await api(firm.rm).history({ clientId })).items.map(({ by, title, changes }) => ({
    by: by?.name,
    title,
    changes: changes.map(({ label, from, to }) => [label, from, to])
  }));

describe('the history of a client', () => {
  it('says in words who changed what, with the PAN masked', async () => {
    const clientId = await create();
    await api(firm.rm).update({
      id: clientId,
      version: 1,
      tier: 'gold',
      pan: 'QQQPJ9876Z',
      panExemptReason: null
    });
    await api(firm.rmHead).update({ id: clientId, version: 2, tier: null, pan: 'QQQPJ1234Y' });
    await api(firm.rm).revealPan({ id: clientId });
    expect(await told(clientId)).toEqual([
      { by: 'Ravi Manager', title: 'looked at the whole PAN', changes: [] },
      {
        by: 'Hema Head',
        title: 'changed the PAN',
        changes: expect.arrayContaining([
          ['Tier', 'Gold', null],
          ['PAN', '••••••876Z', '••••••234Y']
        ]) as unknown
      },
      {
        by: 'Ravi Manager',
        title: 'changed the PAN',
        changes: expect.arrayContaining([['Exempt because', 'Applied for', null]]) as unknown
      },
      { by: 'Ravi Manager', title: 'added the client', changes: [] }
    ]);
    expect(JSON.stringify(await told(clientId))).not.toMatch(/QQQPJ/);
  });

  it('holds contact points, addresses and tags too', async () => {
    const clientId = await create();
    const point = await api(firm.rm).contactPoints.add({ clientId, kind: 'phone', value: '98100 77777' });
    await api(firm.rm).contactPoints.update({
      clientId,
      id: point.id,
      value: '98100 88888',
      label: 'Office'
    });
    await api(firm.rm).contactPoints.remove({ clientId, id: point.id });
    await api(firm.rm).addresses.add({ clientId, city: 'Pune', country: 'India' });
    await api(firm.rm).setTags({ clientId, tags: ['vip'] });
    expect((await told(clientId)).slice(0, 5)).toEqual([
      { by: 'Ravi Manager', title: 'added a tag', changes: [['Tag', null, 'vip']] },
      { by: 'Ravi Manager', title: 'added an address', changes: [['Address', null, 'Pune, India']] },
      { by: 'Ravi Manager', title: 'removed a contact point', changes: [['Phone', '98100 88888', null]] },
      {
        by: 'Ravi Manager',
        title: 'changed a contact point',
        changes: [
          ['Label', null, 'Office'],
          ['Value', '98100 77777', '98100 88888']
        ]
      },
      { by: 'Ravi Manager', title: 'added a contact point', changes: [['Phone', null, '98100 77777']] }
    ]);
  });

  it('tells who took its promises up or let them wait, and why', async () => {
    const clientId = await create({ nextReviewOn: '2030-06-12' });
    await refreshClocks();
    const clocks = callerFor(firm.rm).clocks;
    const running = await clocks.forSubject({ kind: 'client', id: clientId });
    const idOf = (target: string) => running.find((clock) => clock.target === target)?.id ?? 0;
    await clocks.acknowledge({ id: idOf('contact'), reason: 'I ring on Monday' });
    await api(firm.rm).update({ id: clientId, version: 1, organisation: 'Joshi and Sons' });
    const until = new Date(Date.now() + 86_400_000);
    await clocks.snooze({ id: idOf('review'), until, reason: 'Abroad until then' });
    await clocks.wake({ id: idOf('review') });
    expect((await told(clientId)).slice(0, 4)).toEqual([
      { by: 'Ravi Manager', title: 'ended the hold on its portfolio review', changes: [] },
      {
        by: 'Ravi Manager',
        title: 'let its portfolio review wait',
        changes: [
          ['Reason', null, 'Abroad until then'],
          ['Nobody is told before', null, until.toISOString()]
        ]
      },
      {
        by: 'Ravi Manager',
        title: 'changed it',
        changes: [['Organisation', null, 'Joshi and Sons']]
      },
      {
        by: 'Ravi Manager',
        title: 'took up its contact',
        changes: [
          ['Reason', null, 'I ring on Monday'],
          ['Nobody is told before', null, expect.stringMatching(/Z$/)]
        ]
      }
    ]);
    const first = await api(firm.rm).history({ clientId, limit: 2 });
    const rest = await api(firm.rm).history({ clientId, limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest.items.map(({ title }) => title)).toEqual(['changed it', 'took up its contact']);
  });

  it('comes in pages, without gaps, to those alone who see the client', async () => {
    const clientId = await create();
    for (let version = 1; version <= 7; version++)
      await api(firm.rm).update({ id: clientId, version, organisation: `Firm ${version}` });
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await api(firm.rm).history({ clientId, limit: 3, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(8);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    await expect(api(firm.otherRm).history({ clientId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('who looked after a client', () => {
  it('is known from when to when, for both points of contact', async () => {
    const clientId = await create({ secondaryRmId: firm.rm.userId }).catch(() => create());
    await api(firm.rmHead).assign({ id: clientId, secondaryRmId: firm.rm2.userId });
    await api(firm.rmHead).assign({ id: clientId, primaryRmId: firm.rm2.userId, secondaryRmId: null });
    const { rmPeriods } = await api(firm.rmHead).byId({ id: clientId });
    expect(rmPeriods.map(({ role, person, to }) => [role, person.name, to === null])).toEqual(
      expect.arrayContaining([
        ['primary', 'Rita Second', true],
        ['primary', 'Ravi Manager', false],
        ['secondary', 'Rita Second', false]
      ])
    );
    const [present, before] = rmPeriods.filter(({ role }) => role === 'primary');
    expect(before?.to).toEqual(present?.from);
  });
});

describe('the timeline', () => {
  it('shows holdings and who the client was given to, each by its kind', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await mintHolding({ clientId, productName: 'Bluechip Fund' });
    await api(firm.rmHead).assign({ id: clientId, primaryRmId: firm.rm2.userId });
    await api(firm.rmHead).archive({ id: clientId, version: 2 });
    const titles = async (kind?: 'holding' | 'change') =>
      (await api(firm.rm2).timeline({ clientId, kinds: kind && [kind] })).items.map(({ title }) => title);
    expect(await titles('change')).toEqual(['Archived', 'Given to Rita Second']);
    expect(await titles('holding')).toEqual(['Bluechip Fund']);
    expect(await titles()).toEqual(['Archived', 'Given to Rita Second', 'Bluechip Fund']);
  });

  it('keeps its order and misses nothing across pages', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    for (let at = 0; at < 5; at++) await mintHolding({ clientId, productName: `Fund ${at}` });
    for (const id of [firm.rm2.userId, firm.rm.userId])
      await api(firm.rmHead).assign({ id: clientId, primaryRmId: id });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await api(firm.rm).timeline({ clientId, limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ event, id }) => `${event} ${id}`));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });
});
