import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { createClient, panOf } from '../support/clients.ts';
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

const clientsOf = (actor: Actor) => callerFor(actor).clients;
const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  asSystem(async (tx) => [...(await tx.execute<T>(statement))]);

describe('creating a client', () => {
  it('makes it the author’s, keeps what was typed and leaves an audit row', async () => {
    const { client, warnings } = await createClient(firm.rm, {
      pan: 'abcpk0001l',
      email: 'Meera@Example.com',
      phone: '98100 00001',
      city: 'Pune'
    });
    expect(warnings).toEqual([]);
    expect(client.number).toMatch(/^CL-\d{6}$/);
    const record = await clientsOf(firm.rm).byId({ id: client.id });
    expect(record).toMatchObject({
      rm: { id: firm.rm.userId, name: 'Ravi Manager' },
      panLast4: '001L',
      attention: 'never',
      addresses: [{ city: 'Pune' }],
      contactPoints: [
        { kind: 'email', value: 'Meera@Example.com', primary: true },
        { kind: 'phone', value: '98100 00001', primary: true }
      ]
    });
    const audit = await rows(
      sql`select action, actor_id from audit_log where table_name = 'clients' and row_id = ${client.id}`
    );
    expect(audit).toEqual([{ action: 'insert', actor_id: firm.rm.userId }]);
  });

  it('asks for a PAN or a reason, and for a guardian of a minor', async () => {
    const api = clientsOf(firm.rm);
    const base = { kind: 'individual', name: 'Nobody Known' } as const;
    await expect(api.create(base)).rejects.toThrow(/A PAN is needed/);
    await expect(api.create({ ...base, type: 'minor', pan: panOf(500) })).rejects.toThrow(/guardian/);
    await expect(api.create({ ...base, type: 'huf', pan: panOf(500) })).rejects.toThrow(/fourth letter/);
    await expect(api.create({ ...base, type: 'company', pan: panOf(500) })).rejects.toThrow(/cannot be of/);
    await expect(api.create({ ...base, type: 'martian', panExemptReason: 'x' })).rejects.toThrow(
      /not on the firm’s list/
    );
    const child = await createClient(firm.rm, {
      type: 'minor',
      guardianName: 'Anil Kapoor',
      pan: panOf(501)
    });
    const guardian = await createClient(firm.rm, { name: 'Anil Kapoor', pan: panOf(501) });
    expect([child.outcome, guardian.outcome]).toEqual(['created', 'created']);
  });

  it('warns of a surname that does not fit the PAN', async () => {
    const { warnings } = await createClient(firm.rm, { pan: panOf(510, 'S') });
    expect(warnings).toEqual(['The fifth letter is S, but the surname begins with K']);
  });

  it('gives it to colleagues within the grant only', async () => {
    await expect(createClient(firm.rm, { primaryRmId: firm.rm2.userId })).rejects.toThrow(
      /yourself and your team/
    );
    await expect(createClient(firm.rmHead, { primaryRmId: firm.otherRm.userId })).rejects.toThrow(
      /your team/
    );
    await expect(createClient(firm.rmHead, { primaryRmId: firm.goneId })).rejects.toThrow(/active/);
    const { client } = await createClient(firm.rmHead, { primaryRmId: firm.rm2.userId });
    expect((await clientsOf(firm.rm2).byId({ id: client.id })).rm?.id).toBe(firm.rm2.userId);
    const nobodys = await createClient(firm.admin);
    expect((await clientsOf(firm.admin).byId({ id: nobodys.client.id })).rm).toBeNull();
  });

  it('names a duplicate the actor sees, and goes on only where the likeness may be chance', async () => {
    const first = await createClient(firm.rm, { phone: '98100 00002', accountId: 'AC-1' });
    const again = { kind: 'individual', name: 'Family Kapoor', panExemptReason: 'x' } as const;
    const api = clientsOf(firm.rm);
    await expect(api.create({ ...again, phone: '+919810000002' })).rejects.toThrow(
      new RegExp(`${first.client.number}.*the same phone number`)
    );
    expect((await api.create({ ...again, phone: '+919810000002', evenIfSimilar: true })).outcome).toBe(
      'created'
    );
    await expect(api.create({ ...again, accountId: 'AC-1', evenIfSimilar: true })).rejects.toThrow(
      /the same account id/
    );
  });

  it('warns while the form is filled of clients the actor sees, however a number is written', async () => {
    const { client } = await createClient(firm.rm, {
      name: 'Watchful Kapoor',
      pan: panOf(650),
      email: 'Watch@Example.com',
      phone: '+91 98100-65000',
      whatsapp: '98100 65001'
    });
    const api = clientsOf(firm.rm);
    const same = (matchedOn: string) => [expect.objectContaining({ id: client.id, matchedOn }) as unknown];
    expect(await api.duplicates({ phone: '09810065000' })).toEqual(same('phone'));
    expect(await api.duplicates({ phone: '+919810065001' })).toEqual(same('phone'));
    expect(await api.duplicates({ whatsapp: '981 006 5000' })).toEqual(same('phone'));
    expect(await api.duplicates({ email: ' watch@example.COM' })).toEqual(same('email'));
    expect(await api.duplicates({ name: 'Watchfull Kapoor' })).toContainEqual(same('name')[0]);
    expect(await api.panDuplicates({ pan: panOf(650).toLowerCase() })).toEqual(same('pan'));
    expect(await api.panDuplicates({ pan: panOf(650), exceptId: client.id })).toEqual([]);
    expect(await api.duplicates({ phone: '9810065000', exceptId: client.id })).toEqual([]);
  });

  it('refuses a PAN twice at the same time', async () => {
    const both = await Promise.allSettled([
      createClient(firm.rm, { pan: panOf(600) }),
      createClient(firm.rm, { pan: panOf(600) })
    ]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a duplicate the actor does not see', () => {
  let tried = 0;

  it.each(['pan', 'email', 'phone', 'accountId'])(
    'by %s is sent for review and never shown',
    async (field) => {
      const secret = `Hidden ${field} Person`;
      const n = ++tried;
      const values = {
        pan: panOf(700 + n),
        email: `hidden${n}@secret.test`,
        phone: `98200 1${String(n).padStart(4, '0')}`,
        accountId: `SECRET-${n}`
      };
      const hidden = await createClient(firm.otherRm, { ...values, name: secret });
      const typed =
        field === 'pan' ? { pan: values.pan } : { pan: panOf(800 + n), [field]: values[field as 'pan'] };
      const answer = await clientsOf(firm.rm).create({
        kind: 'individual',
        name: 'New Kapoor',
        evenIfSimilar: true,
        ...typed
      });
      expect(answer).toEqual({ outcome: 'sent_for_review' });
      const reviews = await rows(
        sql`select asked_by_id as by, matched_on as "on" from duplicate_reviews where client_id = ${hidden.client.id}`
      );
      expect(reviews).toEqual([{ by: firm.rm.userId, on: field === 'accountId' ? 'account' : field }]);
      const told = await rows(
        sql`select n.user_id from notifications n join duplicate_reviews d on d.id = n.subject_id
          where n.subject_kind = 'duplicate' and d.client_id = ${hidden.client.id}`
      );
      expect(told).toEqual([{ user_id: firm.otherHead.userId }]);
      const { pan, ...reach } = values;
      expect(await clientsOf(firm.rm).duplicates({ ...reach, name: secret })).toEqual([]);
      expect(await clientsOf(firm.rm).panDuplicates({ pan })).toEqual([]);
      const mine = await callerFor(firm.rm).notifications.list({});
      expect(JSON.stringify(mine)).not.toContain(hidden.client.number);
    }
  );

  it('is not named either when an update meets it, and nothing is stored', async () => {
    await createClient(firm.otherRm, { pan: panOf(900) });
    const { client } = await createClient(firm.rm, { pan: panOf(901) });
    const answer = await clientsOf(firm.rm).update({ id: client.id, version: 1, pan: panOf(900) });
    expect(answer).toEqual({ outcome: 'sent_for_review' });
    expect((await clientsOf(firm.rm).byId({ id: client.id })).version).toBe(1);
  });
});
