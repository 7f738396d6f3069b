import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attention } from '#lib/clients/attention.ts';
import { previewDigest } from '#lib/digests/reads.server.ts';
import { today } from '#lib/home/today.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { contactTerms, promise, setTag, settle, spokenTo, stateOf } from '../support/attention.ts';
import { usePolicyForms } from '../support/policy-forms.ts';
import { mintClient } from '../support/records.ts';
import { database, firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
usePolicyForms();

/** Every test has a firm without clients, and without policies of its own. */
afterEach(async () => {
  await asSystem(async (tx) => {
    await tx.execute(sql`delete from clients`);
    await tx.execute(sql`update policies set active = false where client_tag is not null`);
    await tx.execute(sql`update firm_settings set time_zone = 'Asia/Kolkata'`);
  });
  await refreshClocks();
});

const DAY = 86_400_000;
const clients = (actor = firm.rm) => callerFor(actor).clients;
const count = async (actor: Actor, attention: Attention) =>
  (await clients(actor).list({ filter: { people: true, attention } })).total;
const STATES = ['urgent', 'warning', 'fine', 'never'] as const;

describe('attention', () => {
  it('counts 61 and 90 days under the policy that the firm begins with', async () => {
    for (const [days, state] of [
      [60, 'fine'],
      [61, 'warning'],
      [90, 'warning'],
      [91, 'urgent']
    ] as const)
      expect([days, await stateOf(await spokenTo(days))]).toEqual([days, state]);
  });

  it('counts the same where nobody is promised anything', async () => {
    const states = [];
    for (const days of [60, 61, 90, 91])
      states.push(await stateOf(await spokenTo(days, { rm: null }), firm.admin));
    expect(states).toEqual(['fine', 'warning', 'warning', 'urgent']);
  });

  it('follows a policy of 30 days in the list, its filter, the record, the home page and the digest', async () => {
    await promise('key', 30);
    const late = await spokenTo(35, { tag: 'key' });
    await spokenTo(21, { tag: 'key' });
    await spokenTo(20, { tag: 'key' });
    await spokenTo(35);
    await mintClient({ primaryRmId: firm.rm.userId });

    const { items } = await clients().list({ filter: { attention: 'urgent' } });
    expect(items).toMatchObject([
      { id: late, attention: 'urgent', daysSinceContact: 35, urgentAfterDays: 30 }
    ]);
    expect(await stateOf(late)).toBe('urgent');
    const shown = await asActor(firm.rm, (tx) => today(tx, firm.rm), { readOnly: true });
    expect(shown.attention).toEqual({ urgent: 1, warning: 1, fine: 2, never: 1 });
    for (const state of STATES) expect(await count(firm.rm, state)).toBe(shown.attention[state]);
    const { content } = await asActor(firm.rm, (tx) => previewDigest(tx, firm.rm), { readOnly: true });
    const silent = content.sections.find(({ key }) => key === 'silent');
    expect(silent?.counts).toMatchObject([
      { key: 'urgent', total: 1 },
      { key: 'never', total: 1 }
    ]);
    expect(silent?.lines[0]?.path).toBe(`/clients/${late}`);
  });

  it('follows a policy that comes, is edited, and goes', async () => {
    const id = await spokenTo(35, { tag: 'key' });
    expect(await stateOf(id)).toBe('fine');
    const policyId = await promise('key', 30);
    expect(await stateOf(id)).toBe('urgent');

    const api = callerFor(firm.admin).policies;
    const { version, name } = await api.byId({ id: policyId });
    await api.update({ id: policyId, version, name, clientTag: 'key', ...contactTerms(40) });
    await settle();
    expect(await stateOf(id)).toBe('warning');

    const edited = await api.byId({ id: policyId });
    await api.setActive({ id: policyId, version: edited.version, active: false });
    await settle();
    expect(await stateOf(id)).toBe('fine');

    const gone = await api.byId({ id: policyId });
    await api.setActive({ id: policyId, version: gone.version, active: true });
    await settle();
    expect(await stateOf(id)).toBe('warning');
    await asSystem((tx) => tx.execute(sql`update policies set active = false where subject_kind = 'client'`));
    await setTag(id, 'other');
    await refreshClocks();
    expect(await stateOf(id)).toBe('fine');
    await asSystem((tx) =>
      tx.execute(sql`update policies set active = true where id = ${policyId} or key = 'client.other'`)
    );
    await asSystem((tx) =>
      tx.execute(sql`delete from client_tags where client_id = ${id} and tag = 'other'`)
    );
    await refreshClocks();
    expect(await stateOf(id)).toBe('warning');
  });

  it('is right at once after a contact, and again when it was a mistake', async () => {
    await promise('key', 30);
    const id = await spokenTo(35, { tag: 'key' });
    const talk = await callerFor(firm.rm).interactions.log({
      ...{ clientId: id, channel: 'call', direction: 'outbound', subject: 'Rang' }
    });
    expect(await stateOf(id)).toBe('fine');
    await refreshClocks();
    expect(await clients().byId({ id })).toMatchObject({ attention: 'fine', urgentAfterDays: 30 });
    await callerFor(firm.admin).interactions.delete({ id: talk.id });
    expect(await stateOf(id)).toBe('urgent');
    await refreshClocks();
    expect(await stateOf(id)).toBe('urgent');
  });

  it('follows tags, and whether somebody looks after the client', async () => {
    await promise('key', 30);
    const id = await spokenTo(35, { tag: 'key' });
    await asSystem((tx) => tx.execute(sql`delete from client_tags where client_id = ${id}`));
    await refreshClocks();
    expect(await stateOf(id)).toBe('fine');
    await setTag(id, 'key');
    await refreshClocks();
    expect(await stateOf(id)).toBe('urgent');
    await asSystem((tx) => tx.execute(sql`update clients set primary_rm_id = null where id = ${id}`));
    await refreshClocks();
    expect(await stateOf(id, firm.admin)).toBe('fine');
  });

  it('warns on the day of a reminder of days before, and not at all without a reminder', async () => {
    await promise('silent', 30, { warn: null });
    expect(await stateOf(await spokenTo(30, { tag: 'silent' }))).toBe('fine');
    const policyId = await promise('ahead', 30);
    await asSystem((tx) =>
      tx.execute(sql`
        update policy_steps s set at_percent = null, days_before = 7 from policy_versions v
        where v.id = s.policy_version_id and v.policy_id = ${policyId} and s.kind = 'warning'`)
    );
    expect(await stateOf(await spokenTo(22, { tag: 'ahead' }))).toBe('fine');
    expect(await stateOf(await spokenTo(23, { tag: 'ahead' }))).toBe('warning');
    expect(await stateOf(await spokenTo(31, { tag: 'ahead' }))).toBe('urgent');
  });

  it('goes by the due date where working days are promised', async () => {
    await promise('weekly', 5, { unit: 'working_days' });
    const id = await spokenTo(4, { tag: 'weekly' });
    const [clock] = await asSystem((tx) =>
      tx.execute<{ due: string; urgent: string }>(sql`
        select (k.due_at at time zone 'Asia/Kolkata')::date::text as due,
          (c.contact_urgent_from at time zone 'Asia/Kolkata')::text as urgent
        from clocks k join clients c on c.id = k.client_id
        where k.client_id = ${id} and k.target = 'contact' and k.state = 'running'`)
    );
    const next = new Date(Date.parse(clock?.due ?? '') + DAY).toISOString().slice(0, 10);
    expect(clock?.urgent).toBe(`${next} 00:00:00`);
  });

  it('turns at midnight of the firm, also after the firm has moved', async () => {
    const id = await mintClient({ primaryRmId: firm.rm.userId });
    const turns = async (at: string) => {
      await asSystem((tx) => tx.execute(sql`update clients set last_contact_at = ${at} where id = ${id}`));
      return turnsNow();
    };
    const turnsNow = async () => {
      const [row] = await asSystem((tx) =>
        tx.execute<{ at: string }>(
          sql`select to_char(contact_urgent_from at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at from clients where id = ${id}`
        )
      );
      return row?.at;
    };
    expect(await turns('2026-01-10 18:29:59Z')).toBe('2026-04-10 18:30');
    expect(await turns('2026-01-10 18:30:00Z')).toBe('2026-04-11 18:30');
    await asSystem((tx) => tx.execute(sql`update firm_settings set time_zone = 'America/New_York'`));
    await refreshClocks();
    // Summer time has begun by then.
    expect(await turnsNow()).toBe('2026-04-11 04:00');
  });
});

describe('the worker that keeps it', () => {
  it('waits for nobody who is changing a client, and comes back to it', async () => {
    await promise('key', 30);
    const id = await spokenTo(35);
    await setTag(id, 'key');
    const person = postgres(database.databaseSystemUrl, { max: 1, onnotice: () => undefined });
    try {
      await person.begin(async (change) => {
        await change`update clients set name = 'Renamed' where id = ${id}`;
        await refreshClocks();
      });
    } finally {
      await person.end();
    }
    expect(await stateOf(id)).toBe('fine');
    await asSystem((tx) => tx.execute(sql`update clock_refresh set since = now()`));
    await refreshClocks();
    expect(await stateOf(id)).toBe('urgent');
  });

  it('is no change of anybody’s: neither history nor the version knows of it', async () => {
    await promise('key', 30);
    const id = await spokenTo(35, { tag: 'key' });
    const { version } = await clients().byId({ id });
    const { items } = await clients().history({ clientId: id });
    expect(version).toBe(1);
    expect(items.map(({ title }) => title)).toEqual(['added a tag', 'added the client']);
  });
});
