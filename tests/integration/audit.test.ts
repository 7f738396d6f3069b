import postgres from 'postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_KINDS } from '#lib/admin/audit-kinds.ts';
import { listAudit } from '#lib/admin/audit-reads.server.ts';
import { toldColumns } from '#lib/admin/audit-words.ts';
import type { AuditFilter } from '#lib/admin/audit-model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { recordAtGate } from '#lib/platform/audit/acts.server.ts';
import { columnLabel } from '#lib/platform/audit/words.ts';
import { storePassword } from '#lib/platform/auth/commands.server.ts';
import { hashPassword } from '#lib/platform/auth/passwords.server.ts';
import { asActor, asGate, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { Visitor } from '../support/calls.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';

const PASSWORD = 'correct horse battery';
const CANARY = 'ABCPK1234F';

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

const audit = () => callerFor(firm.admin).admin.audit;
const entries = async (filter: AuditFilter, limit = 50) => (await audit().list({ filter, limit })).items;

async function addressOf({ userId }: Actor): Promise<string> {
  const passwordHash = await hashPassword(PASSWORD);
  await asGate((tx) => storePassword(tx, userId, passwordHash));
  const [row] = await asSystem((tx) =>
    tx.execute<{ email: string }>(sql`select email from user_profiles where user_id = ${userId}`)
  );
  return row?.email ?? '';
}

describe('An entry', () => {
  it('calls no two columns of a table by the same word', async () => {
    const tables = Object.values(AUDIT_KINDS).flatMap((kind): readonly string[] => kind.tables);
    const columns = await asSystem((tx) =>
      tx.execute<{ table: string; columns: Record<string, true> }>(sql`
        select table_name as "table", json_object_agg(column_name, true) as columns
        from information_schema.columns where table_schema = 'public' group by table_name`)
    );
    const audited = columns.filter(({ table }) => tables.includes(table));
    expect(audited.length).toBeGreaterThan(20);
    for (const { table, columns: found } of audited) {
      const labels = toldColumns(null, found).map(columnLabel);
      expect({ table, labels }).toEqual({ table, labels: [...new Set(labels)] });
    }
    expect(['nav', 'nav_on', 'next_follow_up_on'].map(columnLabel)).toEqual([
      'NAV',
      'NAV date',
      'Next follow up'
    ]);
  });

  it('says field by field what changed, with names for references and lists', async () => {
    const id = await mintLead({ conversionRmId: firm.rm.userId, name: 'Asha Rao', status: 'wip' });
    await callerFor(firm.rmHead).leads.assign({ id, rmId: firm.rm2.userId });
    const [entry] = await entries({ kind: 'lead', recordId: id, action: 'update' });
    expect(entry).toMatchObject({
      action: 'update',
      kind: 'lead',
      by: { id: firm.rmHead.userId, name: 'Hema Head' },
      record: { id, href: `/leads/${id}` }
    });
    expect(entry?.changes).toContainEqual({
      label: 'Conversion RM',
      from: 'Ravi Manager',
      to: 'Rita Second'
    });
    expect(await audit().byId({ id: entry?.id ?? 0 })).toEqual(entry);
  });

  it('never shows a PAN, only that it changed', async () => {
    const api = callerFor(firm.rm).clients;
    const created = await api.create({
      kind: 'individual',
      type: 'individual',
      name: 'Kiran Kumar',
      pan: CANARY
    });
    const id = created.outcome === 'created' ? created.client.id : 0;
    await api.revealPan({ id });
    const found = await entries({ kind: 'client', recordId: id });
    expect(found.map(({ action }) => action)).toEqual(expect.arrayContaining(['insert', 'reveal']));
    const said = JSON.stringify(found);
    for (const part of [CANARY, CANARY.slice(-4)]) expect(said).not.toContain(part);
  });

  it('of something deleted keeps the name it had', async () => {
    const { items } = await callerFor(firm.rm).views.list({ filter: { module: 'leads' } });
    expect(items).toEqual([]);
    const added = await callerFor(firm.admin).settings.addItem({ list: 'client_tier', label: 'Diamond' });
    await callerFor(firm.admin).settings.removeItem({ id: added.id, version: added.version });
    const [entry] = await entries({ kind: 'listItem', action: 'delete' });
    expect(entry?.changes).toContainEqual({ label: 'Label', from: 'Diamond', to: null });
    expect(entry?.record?.id).toBe(added.id);
  });
});

describe('What happens at the gate', () => {
  it('is written down: signing in, failing to, signing out', async () => {
    const email = await addressOf(firm.rm);
    const visitor = new Visitor();
    await expect(visitor.signIn(email, 'wrong wrong wrong')).rejects.toThrow();
    await expect(visitor.signIn('nobody@firm.test', 'wrong wrong wrong')).rejects.toThrow();
    await visitor.signIn(email, PASSWORD);
    await (await visitor.api()).auth.logout();
    const failed = await entries({ action: 'sign_in_failed' });
    expect(failed.map(({ by, record }) => [by, record?.id ?? null])).toEqual([
      [null, null],
      [null, firm.rm.userId]
    ]);
    for (const action of ['sign_in', 'sign_out'] as const)
      expect(await entries({ action })).toMatchObject([{ by: { id: firm.rm.userId } }]);
    expect(JSON.stringify(await entries({}))).not.toContain('wrong wrong');
  });

  it('is written by the gate alone', async () => {
    const forging = asActor(firm.admin, (tx) => recordAtGate(tx, 'sign_in', firm.rm.userId));
    await expect(forging).rejects.toThrow();
    const exporting = asActor(firm.rm, (tx) =>
      tx.execute(sql`select app.record_act('update', 'clients', 1, '{}')`)
    );
    await expect(exporting).rejects.toThrow();
  });
});

describe('The trail', () => {
  it('is narrowed by person, kind, record, action and day', async () => {
    const id = await mintClient({ primaryRmId: firm.rm.userId });
    expect((await entries({ byId: 0, kind: 'client', recordId: id })).map(({ action }) => action)).toEqual([
      'insert'
    ]);
    expect(await entries({ byId: firm.ops.userId })).toEqual([]);
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Kolkata' }).format(new Date());
    expect(await entries({ recordId: id, from: day, to: day })).not.toEqual([]);
    expect(await entries({ to: '2020-01-01' })).toEqual([]);
  });

  it('is read page by page without a gap', async () => {
    const whole = await entries({}, 30);
    const first = await audit().list({ limit: 10 });
    const second = await audit().list({ limit: 10, cursor: first.nextCursor ?? '' });
    const third = await audit().list({ limit: 10, cursor: second.nextCursor ?? '' });
    expect([...first.items, ...second.items, ...third.items].map((one) => one.id)).toEqual(
      whole.map((one) => one.id)
    );
    await expect(audit().list({ cursor: 'x' })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  it('is for those alone who may read it', async () => {
    for (const actor of [firm.rmHead, firm.rm, firm.ops])
      await expect(callerFor(actor).admin.audit.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('A long trail', () => {
  const ENTRIES = 300_000;

  beforeAll(async () => {
    const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    await superuser.unsafe(`
      insert into audit_log (table_name, row_id, action, new_values, actor_id, at)
      select (array['clients', 'leads', 'interactions', 'comments'])[1 + n % 4], n % 5000, 'update', '{"name": "x"}',
        ${firm.rm2.userId} , now() - n * interval '1 minute' from generate_series(1, ${ENTRIES}) n;
      analyze audit_log;`);
    await superuser.end();
  });

  interface Read extends Record<string, unknown> {
    scans: number;
    rows: number;
  }

  const counters = sql`select seq_scan::int as scans, idx_tup_fetch::int as rows from pg_stat_xact_user_tables
    where relname = 'audit_log'`;

  /** Whole reads of the table, and rows that Postgres fetched, for a page; it may still count earlier ones. */
  function readingOf(filter: AuditFilter) {
    return asActor(
      firm.admin,
      async (tx) => {
        const [before] = await tx.execute<Read>(counters);
        await listAudit(tx, { filter });
        const [after] = await tx.execute<Read>(counters);
        return {
          scans: (after?.scans ?? 0) - (before?.scans ?? 0),
          rows: (after?.rows ?? 0) - (before?.rows ?? 0)
        };
      },
      { readOnly: true }
    );
  }

  it.each<[string, AuditFilter]>([
    ['as it is', {}],
    ['of one kind', { kind: 'client' }],
    ['of a kind that is rare', { kind: 'listItem' }],
    ['of an action that is rare', { action: 'reveal' }],
    ['of one record', { kind: 'lead', recordId: 77 }],
    ['of a long time ago', { to: '2026-06-01', from: '2026-05-31' }],
    ['with one person', {}]
  ])('%s is not walked through', async (name, filter) => {
    const byId = name === 'with one person' ? firm.rmHead.userId : undefined;
    const { scans, rows } = await readingOf({ ...filter, byId });
    expect(scans).toBe(0);
    expect(rows).toBeLessThan(2000);
  });

  it('is counted to a thousand and then guessed', async () => {
    const { total, totalIsEstimate } = await audit().list({});
    expect(totalIsEstimate).toBe(true);
    expect(total).toBeGreaterThan(ENTRIES / 2);
  });
});
