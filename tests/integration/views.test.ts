import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { canonicalParams, viewHref } from '#lib/views/params.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

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

const views = (actor: Actor) => callerFor(actor).views;
const names = async (actor: Actor) =>
  (await views(actor).list({ filter: { module: 'leads' } })).items.map(({ name }) => name);
const save = (actor: Actor, name: string, teamId?: number) =>
  views(actor).create({ module: 'leads', name, params: `q=${encodeURIComponent(name)}`, teamId });

describe('What a view keeps', () => {
  it('is what the list knows, in one order', () => {
    expect(canonicalParams('leads', '?status=new&q=asha&cursor=abc&next=//evil.test&rm=')).toBe(
      'q=asha&status=new'
    );
    expect(canonicalParams('leads', 'q=asha&status=new')).toBe(
      canonicalParams('leads', 'status=new&q=+asha+')
    );
  });

  it('leads to its own list and nowhere else', () => {
    const params = canonicalParams('leads', 'q=//evil.test%0d%0aLocation:x&redirect=https://evil.test');
    expect(new URL(viewHref('leads', params), 'https://firm.test').origin).toBe('https://firm.test');
    expect(viewHref('leads', params)).not.toMatch(/redirect|[\r\n]/);
  });

  it('is never nothing', async () => {
    const creating = views(firm.rm).create({ module: 'leads', name: 'All', params: 'cursor=x' });
    await expect(creating).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });
});

describe('A saved view', () => {
  it('is its owner’s alone, for administrators too', async () => {
    await save(firm.rm, 'Private');
    expect(await names(firm.rm)).toEqual(['Private']);
    for (const other of [firm.rm2, firm.rmHead, firm.admin]) expect(await names(other)).toEqual([]);
    const seen = await asActor(firm.admin, (tx) => tx.execute(sql`select 1 from saved_views`));
    expect(seen).toHaveLength(0);
  });

  it('is shared with a team, its head included, and with no other', async () => {
    const { id, version } = await save(firm.rm, 'For the north', firm.teams.rm);
    expect(await names(firm.rm2)).toEqual(['For the north']);
    expect(await names(firm.rmHead)).toEqual(['For the north']);
    expect(await names(firm.otherRm)).toEqual([]);
    await views(firm.rm).share({ id, version, teamId: null });
    expect(await names(firm.rm2)).toEqual([]);
    await views(firm.rm).share({ id, version: version + 1, teamId: firm.teams.rm });
  });

  it('is not shared with a team one does not belong to, past the procedures neither', async () => {
    const sharing = save(firm.rm, 'For others', firm.teams.other);
    await expect(sharing).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
    const writing = asActor(firm.rm, (tx) =>
      tx.execute(sql`insert into saved_views (owner_id, module, name, params, team_id)
        values (${firm.rm.userId}, 'leads', 'Smuggled', 'q=x', ${firm.teams.other})`)
    );
    await expect(writing).rejects.toThrow();
  });

  it('is offered to the teams one belongs to or heads', async () => {
    const teams = async (actor: Actor) =>
      (await views(actor).list({ filter: { module: 'leads' } })).teams.map(({ id }) => id);
    expect(await teams(firm.rm)).toEqual([firm.teams.rm]);
    expect(await teams(firm.admin)).toHaveLength(4);
  });

  it('is taken away by the head of its team, and by no member', async () => {
    const [shared] = (await views(firm.rm2).list({ filter: { module: 'leads' } })).items;
    const { id, version } = shared ?? { id: 0, version: 0 };
    expect(shared?.can).toEqual({ edit: false, remove: false });
    await expect(views(firm.rm2).remove({ id, version })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(views(firm.otherHead).remove({ id, version })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await views(firm.rmHead).remove({ id, version });
    expect(await names(firm.rm2)).toEqual([]);
  });

  it('is renamed and given other filters, each name once', async () => {
    const { id, version } = await save(firm.rm, 'Mine');
    const renaming = views(firm.rm).update({ id, version, name: 'private' });
    await expect(renaming).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
    const changed = await views(firm.rm).update({ id, version, name: 'Ours', params: 'status=wip&x=1' });
    expect(changed).toMatchObject({ params: 'status=wip', version: version + 1 });
    const late = views(firm.rm).update({ id, version, name: 'Late' });
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('stands where its owner puts it', async () => {
    const before = await names(firm.rm);
    const { id } = await save(firm.rm, 'Last');
    await views(firm.rm).move({ id, to: 0 });
    expect(await names(firm.rm)).toEqual(['Last', ...before]);
  });

  it('still works when the person it names is gone', async () => {
    const { items } = await callerFor(firm.rm).leads.list({ filter: { rmId: 987_654 } });
    expect(items).toEqual([]);
  });
});
