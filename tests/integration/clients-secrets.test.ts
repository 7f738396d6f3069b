import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import postgres from 'postgres';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { LOG_OPTIONS } from '#lib/platform/log.ts';
import { openPan, panIndexOf, sealPan } from '#lib/platform/crypto/pan.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

const CANARY = 'ZQXPC7391W';

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

/** Every row of every table as text, whoever may read it. */
async function everything(): Promise<{ table: string; text: string }[]> {
  const superuser = postgres(database.superuserUrl, { max: 1 });
  const tables = await superuser<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  const texts: { table: string; text: string }[] = [];
  for (const { name } of tables) {
    const [row] = await superuser.unsafe<{ text: string | null }[]>(
      `select string_agg(t::text, e'\\n') as text from ${name} t`
    );
    texts.push({ table: name, text: row?.text ?? '' });
  }
  await superuser.end();
  return texts;
}

describe('a canary PAN', () => {
  it('is nowhere in the database but sealed, through every way it passes', async () => {
    const api = callerFor(firm.rm);
    const typed = { kind: 'individual', name: 'Cora Canary', pan: CANARY.toLowerCase() } as const;
    const answer = await api.clients.create(typed);
    if (answer.outcome !== 'created') throw new Error(answer.outcome);
    const { id } = answer.client;
    const refusals = await Promise.allSettled([
      api.clients.create(typed),
      callerFor(firm.otherRm).clients.create(typed),
      api.clients.create({ ...typed, type: 'company' }),
      api.clients.create({ ...typed, name: '', phone: 'x'.repeat(99) }),
      api.clients.update({ id, version: 1, pan: `${CANARY}9` }),
      api.clients.update({ id, version: 7, pan: CANARY })
    ]);
    await api.clients.update({ id, version: 1, pan: CANARY, name: 'Cora Canary Two' });
    const shown = [
      await api.clients.byId({ id }),
      await api.clients.list({}),
      await api.clients.timeline({ clientId: id }),
      await api.clients.panDuplicates({ pan: CANARY }),
      await callerFor(firm.admin).clients.byId({ id })
    ];
    expect(JSON.stringify(shown)).toContain('Cora Canary Two');
    const spoken = refusals.map((one) =>
      one.status === 'rejected' ? inspect(one.reason) : JSON.stringify(one.value)
    );
    for (const text of [JSON.stringify(shown), ...spoken]) expect(text.toUpperCase()).not.toContain(CANARY);

    expect(await api.clients.revealPan({ id })).toEqual({ pan: CANARY });
    for (const { table, text } of await everything())
      expect(text.toUpperCase().includes(CANARY), `${table} holds the PAN`).toBe(false);

    const [row] = await asSystem((tx) =>
      tx.execute<{ cipher: string; ref: string; index: string; last4: string; version: number }>(sql`
        select pan_cipher as cipher, pan_ref as ref, pan_index as index, pan_last4 as last4, pan_key_version as version
        from clients where id = ${id}`)
    );
    expect(row).toMatchObject({ last4: CANARY.slice(-4), index: panIndexOf(CANARY) });
    const sealed = { panCipher: row?.cipher ?? '', panKeyVersion: row?.version ?? 0 };
    expect(openPan({ ...sealed, panRef: row?.ref ?? '' })).toBe(CANARY);
    expect(() => openPan({ ...sealed, panRef: crypto.randomUUID() })).toThrow();
  });

  it('is seen whole only as an audited act of somebody who may', async () => {
    const answer = await callerFor(firm.rm).clients.create({
      kind: 'individual',
      name: 'Vera Wye',
      pan: 'ZQXPW7392W'
    });
    if (answer.outcome !== 'created') throw new Error(answer.outcome);
    const { id } = answer.client;
    const reveals = () =>
      asSystem((tx) =>
        tx.execute(
          sql`select actor_id as by from audit_log where table_name = 'clients' and row_id = ${id} and action = 'reveal'`
        )
      );
    const without = { ...firm.rm, grants: { ...firm.rm.grants } };
    delete without.grants['clients.revealPan'];
    await expect(callerFor(without).clients.revealPan({ id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(callerFor(firm.otherRm).clients.revealPan({ id })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    });
    expect(await reveals()).toHaveLength(0);
    await callerFor(firm.rmHead).clients.revealPan({ id });
    expect([...(await reveals())]).toEqual([{ by: firm.rmHead.userId }]);
  });

  it('does not reach the log, not even out of a failed statement', () => {
    const lines: string[] = [];
    const log = pino(LOG_OPTIONS, { write: (line: string) => lines.push(line) });
    log.error({ pan: CANARY, err: new Error(`insert failed\nparams: ${CANARY}`) }, `PAN ${CANARY}`);
    log.warn({ nested: { note: `said ${CANARY} twice` } }, 'note');
    expect(lines.join('')).not.toContain(CANARY);
  });
});

describe('sealing', () => {
  it('gives another text each time and the same index', () => {
    const ref = crypto.randomUUID();
    const [one, two] = [sealPan(CANARY, ref), sealPan(CANARY, ref)];
    expect(one.panCipher).not.toBe(two.panCipher);
    expect(one.panIndex).toBe(two.panIndex);
    expect(one.panIndex).not.toBe(panIndexOf('ZQXPC7391X'));
  });

  it('opens nothing that was changed', () => {
    const ref = crypto.randomUUID();
    const { panCipher, panKeyVersion } = sealPan(CANARY, ref);
    const bytes = Buffer.from(panCipher, 'base64');
    bytes.writeUInt8(bytes.readUInt8(14) ^ 1, 14);
    expect(() => openPan({ panCipher: bytes.toString('base64'), panRef: ref, panKeyVersion })).toThrow();
    expect(() => openPan({ panCipher, panRef: ref, panKeyVersion: 9 })).toThrow(/not known/);
  });
});

function inspect(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return [message, stack, JSON.stringify(cause), cause instanceof Error ? cause.message : ''].join('\n');
}
