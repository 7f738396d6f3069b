import { parse } from 'csv-parse/sync';
import postgres from 'postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvAnswer } from '#lib/exports/answer.server.ts';
import type { Exported } from '#lib/exports/model.ts';
import { fetchSpooled, spool } from '#lib/exports/spool.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintInteraction, mintLead, mintQuery, mintRequest } from '../support/records.ts';

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

const api = (actor: Actor) => callerFor(actor).exports;

/** The file as a spreadsheet reads it: one record for each row. */
async function rowsOf(actor: Actor, exported: Exported): Promise<Record<string, string>[]> {
  const text = await csvAnswer(actor, exported).text();
  return parse(text, { columns: true, bom: true });
}

const column = (rows: Record<string, string>[], name: string) => rows.map((row) => row[name]).sort();

describe('An export', () => {
  it('holds every row of the list as the actor sees it, and no other', async () => {
    await asSystem((tx) =>
      tx.insert(clients).values(
        Array.from({ length: 2345 }, (_, n) => ({
          kind: 'individual' as const,
          name: `Many ${n}`,
          panExemptReason: 'test',
          primaryRmId: n % 5 === 0 ? firm.otherRm.userId : firm.rm.userId
        }))
      )
    );
    const own = await rowsOf(firm.rmHead, await api(firm.rmHead).clients({}));
    expect(own).toHaveLength(1876);
    expect(new Set(column(own, 'RM'))).toEqual(new Set(['Ravi Manager']));
    expect(new Set(column(own, 'Number')).size).toBe(1876);
    expect(await rowsOf(firm.admin, await api(firm.admin).clients({}))).toHaveLength(2345);
  });

  it('follows the filter and the order of the list', async () => {
    for (const name of ['Zara', 'Asha', 'Mira'])
      await mintLead({ name, conversionRmId: firm.rm.userId, status: 'wip', mode: 'whatsapp' });
    await mintLead({ name: 'Elsewhere', conversionRmId: firm.otherRm.userId, mode: 'whatsapp' });
    const exported = await api(firm.rmHead).leads({ filter: { mode: 'whatsapp' }, sort: { by: 'name' } });
    expect(exported).toMatchObject({ rows: 3 });
    expect(exported.name).toMatch(/^leads-\d{4}-\d\d-\d\d\.csv$/);
    const rows = await rowsOf(firm.rmHead, exported);
    expect(rows.map((row) => row.Name)).toEqual(['Asha', 'Mira', 'Zara']);
    expect(rows[0]).toMatchObject({ RM: 'Ravi Manager', Status: 'wip' });
  });

  it('tells of queries, requests and interactions too, in the firm’s zone', async () => {
    const clientId = await mintClient({ name: 'Kiran', primaryRmId: firm.rm.userId });
    await mintQuery({ clientId, rmId: firm.rm.userId, subject: 'Where is it?' });
    await mintRequest({ clientId, teamId: firm.teams.ops });
    await mintInteraction({ clientId, userId: firm.rm.userId, occurredAt: new Date('2026-05-01T20:00:00Z') });
    const made = api(firm.rmHead);
    expect((await rowsOf(firm.rmHead, await made.queries({})))[0]).toMatchObject({ Client: 'Kiran' });
    expect((await rowsOf(firm.rmHead, await made.requests({})))[0]).toMatchObject({ Type: 'Bank change' });
    const [talk] = await rowsOf(firm.rmHead, await made.interactions({ filter: { clientId } }));
    expect(talk).toMatchObject({ 'When (Asia/Kolkata)': '2026-05-02 01:30', Client: 'Kiran' });
  });

  it('has the firm’s word for those it serves in its headings', async () => {
    const word = (to: string) =>
      asSystem((tx) => tx.execute(sql`update firm_settings set client_word = ${to}`));
    await word('customer');
    const [row] = await rowsOf(firm.rmHead, await api(firm.rmHead).queries({}));
    await word('client');
    expect(row).toMatchObject({ Customer: 'Kiran' });
  });

  it('holds no PAN, nor a part of it', async () => {
    const pan = 'ABCPK1234F';
    await callerFor(firm.rm).clients.create({
      kind: 'individual',
      type: 'individual',
      name: 'Kavi Kumar',
      pan
    });
    const text = await csvAnswer(firm.admin, await api(firm.admin).clients({})).text();
    expect(text).toContain('Kavi Kumar');
    for (const part of [pan, pan.slice(-4)]) expect(text).not.toContain(part);
  });

  it('runs nothing in a spreadsheet', async () => {
    await mintLead({ name: '=cmd|calc!A1', conversionRmId: firm.rm.userId, status: 'wip', mode: 'mail' });
    const [row] = await rowsOf(firm.rmHead, await api(firm.rmHead).leads({ filter: { mode: 'mail' } }));
    expect(row?.Name).toBe("'=cmd|calc!A1");
  });

  it('is written down: who, what, how narrowed, how many rows', async () => {
    await api(firm.rmHead).leads({ filter: { mode: 'whatsapp' } });
    const [entry] = await asSystem((tx) =>
      tx.execute(sql`select actor_id, table_name, new_values from audit_log where action = 'export'
        order by id desc limit 1`)
    );
    expect(entry).toEqual({
      actor_id: firm.rmHead.userId,
      table_name: 'leads',
      new_values: { what: 'leads', filter: { mode: 'whatsapp' }, rows: 3 }
    });
  });

  it('of the audit trail is in the audit trail', async () => {
    const exported = await api(firm.admin).audit({ filter: { action: 'export' } });
    const before = await rowsOf(firm.admin, exported);
    expect(before).toHaveLength(exported.rows);
    const after = await callerFor(firm.admin).admin.audit.list({ filter: { action: 'export' } });
    expect(after.total).toBe(exported.rows + 1);
    expect(after.items[0]?.changes).toContainEqual({ label: 'What', from: null, to: 'audit' });
  });

  it('needs the permission, and that of the list', async () => {
    await expect(api(firm.rm).leads({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { 'leads.view': _, ...grants } = firm.rmHead.grants;
    await expect(api({ ...firm.rmHead, grants }).leads({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(api(firm.rmHead).audit({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is fetched once, by whoever made it', async () => {
    const { id } = await api(firm.rmHead).leads({});
    expect(() => fetchSpooled(id, firm.admin.userId)).toThrow('Not found');
    const stream = fetchSpooled(id, firm.rmHead.userId);
    expect(() => fetchSpooled(id, firm.rmHead.userId)).toThrow('Not found');
    await stream.cancel();
  });

  it('is one moment: what comes in between its pages is not in it', async () => {
    const elsewhere = postgres(database.superuserUrl, { max: 1 });
    const statement = sql`select count(*)::int as n from leads`;
    const [before, after] = await asActor(
      firm.admin,
      async (tx) => {
        const [first] = await tx.execute(statement);
        await elsewhere`insert into leads (name) values ('Came in between')`;
        return [first, (await tx.execute(statement))[0]];
      },
      { snapshot: true }
    );
    expect(after).toEqual(before);
    await elsewhere.end();
  });

  it('waits its turn while two others are written', async () => {
    let finish: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => (finish = resolve));
    const writing = [1, 2].map((userId) => spool(userId, () => blocked));
    await expect(api(firm.admin).leads({})).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    finish();
    for (const { id } of await Promise.all(writing.slice(0, 1))) await fetchSpooled(id, 1).cancel();
    await Promise.all(writing);
    await expect(api(firm.admin).leads({})).resolves.toBeDefined();
  });
});
