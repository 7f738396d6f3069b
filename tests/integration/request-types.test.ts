import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '#lib/platform/audit/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

let clientId: number;

beforeAll(async () => {
  clientId = await mintClient({ primaryRmId: firm.rm.userId });
});

const admin = () => callerFor(firm.admin);
const rm = () => callerFor(firm.rm);

/** What a request's resolution clock was promised. */
const promised = (requestId: number) =>
  asSystem(async (tx) => {
    const [row] = await tx.execute<{ amount: number; unit: string; due: string }>(sql`
      select t.amount, t.unit, k.due_at::text as due from clocks k
      join policy_targets t on t.policy_version_id = k.policy_version_id and t.target = k.target
      where k.subject_kind = 'request' and k.subject_id = ${requestId} and k.target = 'resolution'`);
    return row;
  });

const loan = {
  name: 'Loan against units',
  defaultTatDays: 7,
  checklist: ['Lien marked'],
  fields: [
    { key: 'folio', label: 'Folio', kind: 'text' as const, required: true },
    { key: 'limit', label: 'Limit', kind: 'amount' as const, required: true },
    { key: 'until', label: 'Until', kind: 'date' as const, required: false },
    { key: 'joint', label: 'Joint', kind: 'yes_no' as const, required: false }
  ]
};

describe('a request type', () => {
  it('is shipped with what a distributor promises', async () => {
    const types = await rm().requests.types({});
    const tat = Object.fromEntries(types.map(({ key, tatDays }) => [key, tatDays]));
    expect(tat).toMatchObject({ bank_change: 6, kyc_update: 6, signature_change: 6 });
    expect(tat).toMatchObject({ pan_update: 3, address_change: 3, nominee_change: 3, statement: 3 });
    expect(tat).toMatchObject({ transmission: 10, mandate_registration: 10, sip_start: 16, switch: 16 });
    expect(types.find(({ key }) => key === 'bank_change')?.fields.map(({ label }) => label)).toContain(
      'IFSC'
    );
  });

  it('asks for its fields when a request is opened, and the request keeps them', async () => {
    const { id: typeId, key } = await admin().requestTypes.create(loan);
    expect(key).toBe('loan_against_units');
    const open = (fields?: Record<string, string>) => rm().requests.open({ clientId, typeId, fields });
    await expect(open()).rejects.toMatchObject({ message: 'Folio: Fill this in' });
    await expect(open({ folio: '12/3', limit: '1,5' })).rejects.toThrow(/Limit: Write an amount/);
    await expect(open({ folio: '12/3', limit: '5', until: '2026-02-30' })).rejects.toThrow(
      /Until: Write a date/
    );
    await expect(open({ folio: '12/3', limit: '5', joint: 'maybe' })).rejects.toThrow(/yes or no/);
    await expect(open({ folio: '12/3', limit: '5', pan: 'x' })).rejects.toThrow(
      /no field “pan”.*folio, limit/
    );

    const { id } = await open({ folio: ' 12/3 ', limit: '250000.50', joint: 'yes' });
    await admin().requestTypes.update({ id: typeId, version: 1, fields: [], checklist: ['Something else'] });
    const kept = await rm().requests.byId({ id });
    expect(kept.checklist).toEqual([{ label: 'Lien marked', done: false }]);
    expect(kept.fields.map(({ key: field, value }) => [field, value])).toEqual([
      ['folio', '12/3'],
      ['limit', '250000.50'],
      ['until', null],
      ['joint', 'yes']
    ]);

    const head = callerFor(firm.opsHead);
    await expect(head.requests.update({ id, version: 1, fields: { folio: '' } })).rejects.toThrow(/Folio/);
    await head.requests.update({ id, version: 1, fields: { folio: '99', limit: '1' } });
    expect((await head.requests.byId({ id })).fields[0]).toMatchObject({ label: 'Folio', value: '99' });
    expect((await open()).number).toMatch(/^SR-/);
  });

  it('promises its turnaround to new requests; those under way keep theirs', async () => {
    const { id: typeId } = await admin().requestTypes.create({ name: 'Pledge', defaultTatDays: 2 });
    const before = await rm().requests.open({ clientId, typeId });
    const first = await promised(before.id);
    expect(first).toMatchObject({ amount: 2, unit: 'working_days' });
    await admin().requestTypes.update({ id: typeId, version: 1, defaultTatDays: 9, name: 'Pledge of units' });
    const after = await rm().requests.open({ clientId, typeId });
    expect(await promised(after.id)).toMatchObject({ amount: 9, unit: 'working_days' });
    expect(await promised(before.id)).toEqual(first);
    expect((await admin().requestTypes.byId({ id: typeId })).promise).toMatchObject({
      policy: 'Pledge of units: 9 working days',
      amount: 9,
      ofType: true
    });
    const [steps] = await asSystem((tx) =>
      tx.execute<{ n: number }>(sql`select count(*)::int as n from policy_steps s
        join policy_versions v on v.id = s.policy_version_id join policies p on p.id = v.policy_id
        where p.request_type_id = ${typeId} and v.version = 2`)
    );
    expect(steps?.n).toBe(5);
  });

  it('leaves a policy alone that somebody made to promise something else', async () => {
    const { id: typeId } = await admin().requestTypes.create({ name: 'Freeze', defaultTatDays: 2 });
    await asSystem((tx) =>
      tx.execute(sql`update policy_targets set amount = 1 where policy_version_id in (
        select v.id from policy_versions v join policies p on p.id = v.policy_id where p.request_type_id = ${typeId})`)
    );
    await admin().requestTypes.update({ id: typeId, version: 1, defaultTatDays: 20 });
    const { id } = await rm().requests.open({ clientId, typeId });
    expect(await promised(id)).toMatchObject({ amount: 1 });
    expect((await admin().requestTypes.byId({ id: typeId })).promise).toMatchObject({ amount: 1 });
  });

  it('sends what nobody is named for to its team', async () => {
    const { id: typeId } = await admin().requestTypes.create({
      name: 'Registrar matter',
      defaultTatDays: 2,
      defaultTeamId: firm.teams.otherOps
    });
    const { id } = await rm().requests.open({ clientId, typeId });
    expect(await rm().requests.byId({ id })).toMatchObject({
      team: { id: firm.teams.otherOps },
      assignee: null
    });
    await expect(
      admin().requestTypes.create({ name: 'Odd', defaultTatDays: 2, defaultTeamId: firm.teams.rm })
    ).rejects.toThrow(/no team of operations/);
  });

  it('is taken out of use: its requests stay, new ones are refused', async () => {
    const { id: typeId } = await admin().requestTypes.create({ name: 'Old form', defaultTatDays: 2 });
    const id = await mintRequest({ clientId, typeId, teamId: firm.teams.ops });
    await admin().requestTypes.update({ id: typeId, version: 1, active: false });
    await expect(rm().requests.open({ clientId, typeId })).rejects.toThrow(/no longer offered/);
    expect((await rm().requests.types({})).some((type) => type.id === typeId)).toBe(false);
    expect((await rm().requests.list({ filter: { typeId } })).items.map((row) => row.id)).toEqual([id]);
    await callerFor(firm.ops).requests.start({ id });
    expect(await callerFor(firm.ops).requests.complete({ id })).toMatchObject({ status: 'completed' });
  });

  it('is deleted only while no request ever had it, and its policy goes with it', async () => {
    const { id } = await admin().requestTypes.create({ name: 'Never used', defaultTatDays: 2 });
    const used = await admin().requestTypes.create({ name: 'Used', defaultTatDays: 2 });
    await mintRequest({ clientId, typeId: used.id });
    await expect(admin().requestTypes.remove({ id: used.id })).rejects.toThrow(/1 request has this type/);
    await admin().requestTypes.remove({ id });
    await expect(admin().requestTypes.byId({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [left] = await asSystem((tx) =>
      tx.execute<{ n: number }>(sql`select count(*)::int as n from policies where request_type_id = ${id}`)
    );
    expect(left?.n).toBe(0);
  });

  it('has a name and a key of its own, and a place in the lists', async () => {
    await expect(admin().requestTypes.create({ name: 'statement', defaultTatDays: 2 })).rejects.toThrow(
      /already/
    );
    await expect(
      admin().requestTypes.create({ name: 'Other', key: 'statement', defaultTatDays: 2 })
    ).rejects.toThrow(/taken/);
    const order = async () => (await admin().requestTypes.list()).items.map(({ id }) => id);
    const before = await order();
    await admin().requestTypes.move({ id: before[2] ?? 0, by: -1 });
    expect(await order()).toEqual([before[0], before[2], before[1], ...before.slice(3)]);
    await admin().requestTypes.move({ id: before[0] ?? 0, by: -1 });
    expect((await order())[0]).toBe(before[0]);
  });

  it('is shown both versions to the second of two who change it, and every change is audited', async () => {
    const { id } = await admin().requestTypes.create({ name: 'Twice', defaultTatDays: 2 });
    await admin().requestTypes.update({ id, version: 1, checklist: ['One'] });
    await expect(admin().requestTypes.update({ id, version: 1, name: 'Thrice' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { checklist: ['One'], version: 2 } } }
    });
    const rows = await asSystem((tx) =>
      tx
        .select()
        .from(auditLog)
        .where(sql`${eq(auditLog.tableName, 'request_types')} and ${eq(auditLog.rowId, id)}`)
    );
    expect(rows.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['insert', firm.admin.userId],
      ['update', firm.admin.userId]
    ]);
  });
});
