import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { roleGrants } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import {
  mintClient,
  mintHolding,
  mintInteraction,
  mintLead,
  mintQuery,
  mintRequest
} from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

beforeAll(async () => {
  await asSystem((tx) =>
    tx.insert(roleGrants).values({ roleId: firm.roleIds.head, permission: 'clients.merge', scope: 'team' })
  );
});

const api = (actor: Actor) => callerFor(actor).clients;

/** A head whose role was given the grant for her own teams. */
const merger = (): Actor => ({
  ...firm.rmHead,
  grants: { ...firm.rmHead.grants, 'clients.merge': 'team' }
});

async function pair() {
  const id = await mintClient({
    name: 'Meera Kapoor',
    primaryRmId: firm.rm.userId,
    email: 'meera@client.test',
    phone: '+919810000001'
  });
  const otherId = await mintClient({
    name: 'Mira Kapoor',
    primaryRmId: firm.rm2.userId,
    phone: '+919810000001',
    language: 'Marathi',
    externalRef: `old-${id}`
  });
  return { id, otherId };
}

const versions = { version: 1, otherVersion: 1 };

describe('merging two clients', () => {
  it('moves everything of the one that goes, in one step, and keeps once what both have', async () => {
    const { id, otherId } = await pair();
    const clientId = otherId;
    const rmId = firm.rm2.userId;
    await mintInteraction({ clientId, userId: rmId, occurredAt: new Date('2026-05-01T10:00:00Z') });
    await mintHolding({ clientId });
    await mintQuery({ clientId, rmId });
    await mintRequest({ clientId, assigneeId: firm.ops.userId, teamId: firm.teams.ops });
    await mintLead({ conversionRmId: rmId, clientId });
    await mintLead({ conversionRmId: rmId, givenByClientId: clientId });
    await api(firm.rm2).addNote({ clientId, body: 'From the other' });
    await api(firm.rm2).setTags({ clientId, tags: ['nri', 'vip'] });
    await api(firm.rm2).addresses.add({ clientId, city: 'Nashik' });
    await api(firm.rm).setTags({ clientId: id, tags: ['vip'] });

    await api(merger()).merge({ id, otherId, ...versions, take: ['language'] });

    const record = await api(firm.rm).byId({ id });
    expect(record).toMatchObject({
      name: 'Meera Kapoor',
      language: 'Marathi',
      rm: { id: firm.rm.userId },
      tags: ['nri', 'vip'],
      addresses: [{ city: 'Nashik' }],
      notes: [{ body: 'From the other' }],
      counts: { interactions: 1, holdings: 1, queries: 1, requests: 1, notes: 1 },
      lastContactAt: new Date('2026-05-01T10:00:00Z')
    });
    expect(record.contactPoints.map(({ value, primary }) => [value, primary])).toEqual([
      ['meera@client.test', true],
      ['+919810000001', true]
    ]);
    const work = await callerFor(firm.ops).requests.list({});
    expect(work.items.map(({ client }) => client.name)).toContain('Meera Kapoor');
    const [left] = await asSystem((tx) =>
      tx.execute<{ leads: number; ref: string; open: number; reached: number }>(sql`
        select (select count(*)::int from leads where client_id = ${id} or given_by_client_id = ${id}) as leads,
          (select external_ref from clients where id = ${id}) as ref,
          (select open_work from clients where id = ${id}) as open,
          (select count(*)::int from client_access where client_id = ${id}) as reached`)
    );
    // The RM, the one whose query it is, and operations.
    expect(left).toEqual({ leads: 2, ref: `old-${id}`, open: 2, reached: 3 });
  });

  it('leaves the number behind: it leads to the one that was kept, for who sees that', async () => {
    const { id, otherId } = await pair();
    const { number } = await api(firm.rm2).byId({ id: otherId });
    await api(firm.admin).merge({ id, otherId, ...versions });
    await expect(api(firm.rm2).byId({ id: otherId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await api(firm.rm).movedTo({ id: otherId })).toEqual({ id });
    expect(await api(firm.rm2).movedTo({ id: otherId })).toBeNull();
    expect(await api(firm.otherRm).movedTo({ id: otherId })).toBeNull();
    expect((await api(firm.rm).search({ q: number }))[0]).toMatchObject({ id });
    const { items } = await api(firm.rm).list({ filter: { q: number } });
    expect(items.map((item) => item.id)).toContain(id);
    const theirs = await api(firm.rm2).search({ q: number });
    expect(theirs.map((item) => item.id)).not.toContain(id);

    const third = await mintClient({ primaryRmId: firm.rm.userId });
    await api(firm.admin).merge({ id: third, otherId: id, version: 1, otherVersion: 2 });
    expect(await api(firm.rm).movedTo({ id: otherId })).toEqual({ id: third });
  });

  it('is written down with who and what, and told to the point of contact', async () => {
    const { id, otherId } = await pair();
    const { number } = await api(firm.rm2).byId({ id: otherId });
    await api(firm.admin).merge({ id, otherId, ...versions });
    const { items } = await api(firm.rm).history({ clientId: id });
    expect(items.find(({ title }) => title === `merged ${number} Mira Kapoor into it`)).toMatchObject({
      by: { id: firm.admin.userId }
    });
    const timeline = await api(firm.rm).timeline({ clientId: id, kinds: ['change'] });
    expect(timeline.items[0]?.title).toBe(`Merged with ${number} Mira Kapoor`);
    const news = await callerFor(firm.rm).notifications.list({});
    expect(news.items[0]?.title).toContain(`${number} was merged into`);
  });

  it('takes the PAN that was chosen, and refuses one that does not fit', async () => {
    const make = async (values: object) => {
      const answer = await api(firm.rm).create({ kind: 'individual', name: 'Anu Rao', ...values });
      if (answer.outcome !== 'created') throw new Error(answer.outcome);
      return answer.client.id;
    };
    const id = await make({ pan: 'ABCPR1111A' });
    const otherId = await make({ pan: 'ABCPR2222B' });
    await api(firm.admin).merge({ id, otherId, ...versions, take: ['pan'] });
    expect(await api(firm.rm).revealPan({ id })).toEqual({ pan: 'ABCPR2222B' });
    expect((await make({ pan: 'ABCPR1111A' })) > 0).toBe(true);

    const company = await make({ kind: 'organisation', type: 'company', pan: 'ABCCR3333C' });
    const person = await make({ pan: 'ABCPR4444D' });
    const wrong = api(firm.admin).merge({ id: company, otherId: person, ...versions, take: ['pan'] });
    await expect(wrong).rejects.toThrow(/fourth letter/);
    expect(await api(firm.rm).byId({ id: person })).toMatchObject({ id: person });
  });

  it('wants both visible, both in reach and both as they were compared', async () => {
    const { id, otherId } = await pair();
    const hidden = await mintClient({ primaryRmId: firm.otherRm.userId });
    for (const procedure of ['compare', 'merge'] as const) {
      const call = (actor: Actor, other: number, more: object = {}) => {
        const caller = api(actor);
        return procedure === 'compare'
          ? caller.compare({ id, otherId: other })
          : caller.merge({ id, otherId: other, ...versions, ...more });
      };
      await expect(call(merger(), hidden)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(call(merger(), 999_999_999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(call(firm.rmHead, otherId)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(call(merger(), id)).rejects.toThrow(/another one/);
    }
    await expect(api(merger()).merge({ id, otherId, version: 1, otherVersion: 4 })).rejects.toMatchObject({
      code: 'CONFLICT'
    });
    const { client, other } = await api(merger()).compare({ id, otherId });
    expect([client.rm, other.rm]).toEqual(['Ravi Manager', 'Rita Second']);
    expect(JSON.stringify([client, other])).not.toMatch(/panCipher|panIndex/);
  });

  it('happens once when two people do it at the same time', async () => {
    const { id, otherId } = await pair();
    const both = await Promise.allSettled([
      api(firm.admin).merge({ id, otherId, ...versions }),
      api(merger()).merge({ id: otherId, otherId: id, ...versions })
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'NOT_FOUND' });
    const left = await asSystem((tx) =>
      tx.execute(sql`select id from clients where id in (${id}, ${otherId})`)
    );
    expect(left).toHaveLength(1);
  });

  it('asks the database for the grant too', async () => {
    const [id, otherId] = [
      await mintClient({ primaryRmId: firm.rm.userId }),
      await mintClient({ primaryRmId: firm.rm.userId })
    ];
    const merging = asActor(firm.rm, (tx) => tx.execute(sql`select app.merge_clients(${id}, ${otherId})`));
    await expect(merging).rejects.toMatchObject({ cause: { message: 'Merging clients is not granted' } });
  });
});
