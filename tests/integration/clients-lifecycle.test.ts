import { describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { DEPENDENTS } from '#lib/clients/remove.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import {
  mintClient,
  mintHolding,
  mintInteraction,
  mintLead,
  mintQuery,
  mintRequest
} from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const api = (actor: Actor) => callerFor(actor).clients;
const mine = (more: object = {}) => mintClient({ primaryRmId: firm.rm.userId, ...more });
const listed = async (actor: Actor, lifecycle?: 'archived' | 'all') =>
  (await api(actor).list({ filter: { lifecycle }, limit: 100 })).items.map(({ id }) => id);

describe('archiving a client', () => {
  it('is for the head, takes it out of the lists and drops what was planned', async () => {
    const id = await mine();
    await api(firm.rm).planContact({ id, on: '2099-01-05', channel: 'call' });
    await expect(api(firm.rm).archive({ id, version: 2 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(api(firm.otherHead).archive({ id, version: 2 })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    await api(firm.rmHead).archive({ id, version: 2 });
    for (const actor of [firm.rm, firm.rmHead, firm.admin]) {
      expect(await listed(actor)).not.toContain(id);
      expect(await listed(actor, 'archived')).toContain(id);
      expect(await listed(actor, 'all')).toContain(id);
    }
    const record = await api(firm.rm).byId({ id });
    expect(record).toMatchObject({ lifecycle: 'archived', nextContactOn: null });
    expect(record.can).toMatchObject({ openQuery: false, openRequest: false, plan: false, edit: true });
    await expect(api(firm.rm).planContact({ id, on: '2099-01-05' })).rejects.toThrow(/archived/);
  });

  it('counts the lists without it', async () => {
    const before = (await api(firm.rm).list({})).total;
    const id = await mine();
    expect((await api(firm.rm).list({})).total).toBe(before + 1);
    await api(firm.rmHead).archive({ id, version: 1 });
    expect((await api(firm.rm).list({})).total).toBe(before);
    const moved = await api(firm.admin).assign({ id, primaryRmId: firm.rm2.userId });
    expect(moved).toEqual({ assigned: 1 });
    expect(await listed(firm.rm2)).not.toContain(id);
    expect(await listed(firm.rm2, 'archived')).toContain(id);
    await api(firm.rmHead).restore({ id, version: 3 });
    expect(await listed(firm.rm2)).toContain(id);
  });

  it('waits until nothing is open, and names what is', async () => {
    const clientId = await mine();
    await mintQuery({ clientId, rmId: firm.rm.userId });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    await mintRequest({ clientId, teamId: firm.teams.ops, status: 'completed' });
    await expect(api(firm.rmHead).archive({ id: clientId, version: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/still has 1 open query, 1 open request\. Finish/) as string,
      cause: { details: { dependents: [{ kind: 'query', count: 1 }, { kind: 'request' }] } }
    });
  });

  it('is refused twice, and to whoever saw an older version', async () => {
    const id = await mine();
    await expect(api(firm.rmHead).archive({ id, version: 7 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await api(firm.rmHead).archive({ id, version: 1 });
    await expect(api(firm.rmHead).archive({ id, version: 2 })).rejects.toThrow(/archived already/);
    await api(firm.rmHead).restore({ id, version: 2 });
    await expect(api(firm.rmHead).restore({ id, version: 3 })).rejects.toThrow(/not archived/);
  });
});

describe('deleting a client', () => {
  it('takes its parts with it when nothing depends on it, and is written down', async () => {
    const id = await mine({ email: 'gone@client.test' });
    await api(firm.rm).setTags({ clientId: id, tags: ['vip'] });
    expect(await api(firm.admin).dependents({ id })).toEqual([]);
    await api(firm.admin).delete({ id, version: 1 });
    await expect(api(firm.admin).byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const left = await asSystem((tx) =>
      tx.execute(sql`
        select 1 from client_contact_points where client_id = ${id}
        union all select 1 from client_tags where client_id = ${id}
        union all select 1 from client_access where client_id = ${id}`)
    );
    expect(left).toHaveLength(0);
    const audit = await asSystem((tx) =>
      tx.execute(
        sql`select actor_id as by from audit_log where table_name = 'clients' and row_id = ${id} and action = 'delete'`
      )
    );
    expect([...audit]).toEqual([{ by: firm.admin.userId }]);
  });

  it('is for administrators, also where a role was given the grant', async () => {
    const id = await mine();
    const generous: Actor = { ...firm.rmHead, grants: { ...firm.rmHead.grants, 'clients.delete': 'all' } };
    for (const actor of [firm.rm, firm.rmHead, generous])
      await expect(api(actor).delete({ id, version: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is refused with each kind that depends on it, counted', async () => {
    const clientId = await mine();
    await mintInteraction({ clientId, userId: firm.rm.userId });
    await mintInteraction({ clientId, userId: firm.rm.userId });
    await mintHolding({ clientId });
    await mintQuery({ clientId, rmId: firm.rm.userId, status: 'closed', resolution: 'Told' });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    await mintLead({ conversionRmId: firm.rm.userId, clientId });
    await mintLead({ conversionRmId: firm.otherRm.userId, givenByClientId: clientId });
    await api(firm.rm).addNote({ clientId, body: 'Keep me' });
    const labels = [
      '2 conversations',
      '1 note',
      '1 holding',
      '1 query',
      '1 service request',
      '1 lead',
      '1 lead given by them'
    ];
    const dependents = await api(firm.admin).dependents({ id: clientId });
    expect(dependents.map(({ label }) => label)).toEqual(labels);
    await expect(api(firm.admin).delete({ id: clientId, version: 1 })).rejects.toThrow(labels.join(', '));
    expect(await api(firm.admin).byId({ id: clientId })).toMatchObject({ id: clientId });
  });

  it('knows every table that refers to a client', async () => {
    const rows = await superuser<{ place: string; moves: boolean }[]>`
      select c.conrelid::regclass || '.' || a.attname as place,
        has_table_privilege('rapport_search', c.conrelid, 'update') as moves
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid = 'clients'::regclass order by 1`;
    const parts = [
      ...['client_access', 'client_addresses', 'client_contact_points', 'client_merges', 'client_tags'],
      ...['clocks', 'duplicate_reviews']
    ].map((table) => `${table}.client_id`);
    const known = [...parts, ...DEPENDENTS.map(({ table, column }) => `${table}.${column}`)];
    expect(rows.map(({ place }) => place).filter((place) => !known.includes(place))).toEqual([]);
    expect(rows.filter(({ moves }) => !moves).map(({ place }) => `${place} cannot be merged`)).toEqual([]);
  });
});

describe('the planned contact', () => {
  it('is the RM’s unless somebody is named, who is told', async () => {
    const id = await mine();
    await api(firm.rmHead).planContact({ id, on: '2099-03-01', channel: 'in_person' });
    expect(await api(firm.rm).byId({ id })).toMatchObject({
      nextContactOn: '2099-03-01',
      nextContactChannel: 'in_person',
      nextContactBy: { id: firm.rm.userId }
    });
    const news = await callerFor(firm.rm).notifications.list({});
    expect(news.items[0]?.title).toMatch(/^Contact Client \d+ \(CL-\d+\) on 2099-03-01$/);
    await api(firm.rm).planContact({ id, on: null });
    expect(await api(firm.rm).byId({ id })).toMatchObject({ nextContactOn: null, nextContactBy: null });
  });

  it('is not in the past, nor of somebody who does not see the client', async () => {
    const id = await mine();
    await expect(api(firm.rm).planContact({ id, on: '2020-01-01' })).rejects.toThrow(/a day to come/);
    await expect(
      api(firm.rm).planContact({ id, on: '2099-01-01', byId: firm.otherRm.userId })
    ).rejects.toThrow(/must see it here/);
    await expect(api(firm.rm).planContact({ id, on: '2026-02-30' })).rejects.toMatchObject({
      code: 'BAD_REQUEST'
    });
    await expect(api(firm.rm).planContact({ id, version: 9, on: '2099-01-01' })).rejects.toMatchObject({
      code: 'CONFLICT'
    });
  });
});

describe('many at once', () => {
  it('change hands together or not at all, and the new RM is told once', async () => {
    const ids = [await mine(), await mine({ secondaryRmId: firm.rm2.userId }), await mine()];
    const foreign = await mintClient({ primaryRmId: firm.otherRm.userId });
    const head = api(firm.rmHead);
    await expect(head.assign({ ids: [...ids, foreign], primaryRmId: firm.rm2.userId })).rejects.toMatchObject(
      { code: 'NOT_FOUND' }
    );
    await expect(head.assign({ ids })).rejects.toThrow(/choose who/);
    expect(await head.assign({ ids, primaryRmId: firm.rm2.userId })).toEqual({ assigned: 3 });
    for (const id of ids)
      expect(await api(firm.rm2).byId({ id })).toMatchObject({
        rm: { id: firm.rm2.userId },
        secondaryRm: null
      });
    const news = await callerFor(firm.rm2).notifications.list({});
    expect(news.items.filter(({ title }) => title === '2 clients are now with you')).toHaveLength(1);
    expect(await head.assign({ ids, primaryRmId: firm.rm2.userId })).toEqual({ assigned: 0 });
  });

  it('get a tag, and tags in use are those of clients one sees', async () => {
    const ids = [await mine(), await mine()];
    const hidden = await mintClient({ primaryRmId: firm.otherRm.userId });
    await api(firm.otherRm).setTags({ clientId: hidden, tags: ['secret club', 'festival'] });
    await expect(api(firm.rm).addTag({ ids: [...ids, hidden], tag: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    expect(await api(firm.rm).addTag({ ids, tag: 'festival' })).toEqual({ added: 2 });
    expect(await api(firm.rm).addTag({ ids, tag: 'festival' })).toEqual({ added: 0 });
    expect(await api(firm.rm).tags({ q: 'FEST' })).toEqual([{ tag: 'festival', clients: 2 }]);
    expect(await api(firm.rm).tags({ q: 'secret' })).toEqual([]);
    expect(await api(firm.admin).tags({ q: 'fest' })).toEqual([{ tag: 'festival', clients: 3 }]);
    const offered = async (actor: Actor) => (await api(actor).facets()).tags;
    expect(await offered(firm.rm)).not.toContain('secret club');
    expect(await offered(firm.admin)).toEqual(expect.arrayContaining(['festival', 'secret club']));
    await mine({ language: 'Marathi' });
    for (const actor of [firm.rm, firm.rmHead, firm.admin])
      expect((await api(actor).facets()).languages).toEqual(['Marathi']);
    expect((await api(firm.otherRm).facets()).languages).toEqual([]);
    const { items } = await api(firm.rm).list({ filter: { tag: 'festival' } });
    expect(items.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });
});
