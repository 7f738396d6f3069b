import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { leadContacts } from '#lib/leads/contacts-schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintInteraction, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const HOUR = 3_600_000;
const hoursAgo = (hours: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * HOUR);

const rm = () => callerFor(firm.rm).leads;
const admin = () => callerFor(firm.admin).leads;

/** A lead of the RM's since this morning, with a call of his an hour ago. */
async function called(by = firm.rm) {
  const id = await mintLead({ conversionRmId: firm.rm.userId, createdAt: hoursAgo(3) });
  await callerFor(by).leads.logContact({
    ...{ id, channel: 'call', subject: 'Wants a SIP', body: 'Monthly' },
    occurredAt: hoursAgo(1)
  });
  const contact = (await rm().byId({ id })).contacts[0];
  if (!contact) throw new Error('The contact was not logged');
  return { id, contact };
}

const rowOf = async (id: number) =>
  (await asSystem((tx) => tx.select().from(leadContacts).where(eq(leadContacts.id, id))))[0];

async function firstCall(id: number) {
  await refreshClocks();
  return (await promisesOn('lead', id)).filter(({ target }) => target === 'first_call');
}

const auditOf = async (leadId: number) =>
  asSystem((tx) =>
    tx.execute<{ action: string; old: Record<string, unknown>; new: Record<string, unknown> }>(sql`
      select action, old_values as old, new_values as new from audit_log
      where table_name = 'lead_contacts' and row_id = ${leadId} order by id`)
  );

describe('what was said with a lead', () => {
  it('is set right by whoever logged it, field by field, and the audit trail keeps what it was', async () => {
    const { id, contact } = await called();
    expect(contact).toMatchObject({ version: 1, can: { edit: true, delete: false } });
    const change = { id: contact.id, version: 1, channel: 'email', direction: 'inbound', body: '' } as const;
    expect(await rm().updateContact(change)).toEqual({ id: contact.id, version: 2 });
    expect(await rowOf(contact.id)).toMatchObject({
      ...{ channel: 'email', direction: 'inbound', subject: 'Wants a SIP', body: null, answered: true },
      ...{ userId: firm.rm.userId, occurredAt: hoursAgo(1) }
    });
    expect([...(await auditOf(id))].at(-1)).toMatchObject({
      action: 'update',
      old: { channel: 'call', direction: 'outbound', body: 'Monthly' }
    });
  });

  it('is set right by the head of whoever logged it, and by no other RM', async () => {
    const { contact } = await called();
    await callerFor(firm.rmHead).leads.updateContact({ id: contact.id, version: 1, body: 'Weekly' });
    await expect(
      callerFor(firm.otherRm).leads.updateContact({ id: contact.id, version: 2, body: 'Never' })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that somebody else logged is not the RM’s to change, though he sees it', async () => {
    const { id, contact } = await called(firm.rmHead);
    expect(contact.can).toEqual({ edit: false, delete: false });
    await expect(rm().updateContact({ id: contact.id, version: 1, body: 'No' })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    });
    expect((await rm().byId({ id })).contacts[0]).toMatchObject({ body: 'Monthly', version: 1 });
  });

  it('is a head’s to change as far as the grant of the head reaches', async () => {
    const { contact } = await called();
    const grants = { ...firm.rmHead.grants, 'interactions.edit': 'own' as const };
    await expect(
      callerFor({ ...firm.rmHead, grants }).leads.updateContact({ id: contact.id, version: 1, body: 'No' })
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('shows both versions where somebody was faster', async () => {
    const { contact } = await called();
    await rm().updateContact({ id: contact.id, version: 1, subject: 'Wants a fund' });
    await expect(
      callerFor(firm.rmHead).leads.updateContact({ id: contact.id, version: 1, subject: 'Wants gold' })
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { version: 2, subject: 'Wants a fund', missed: false } } }
    });
    await expect(admin().deleteContact({ id: contact.id, version: 1 })).rejects.toMatchObject({
      code: 'CONFLICT'
    });
  });

  it('was not said in the future, and is never a note', async () => {
    const { contact } = await called();
    const change = (values: object) => rm().updateContact({ id: contact.id, version: 1, ...values });
    await expect(change({ occurredAt: hoursAgo(-2) })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await expect(change({ channel: 'note' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(change({ direction: 'internal' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('is deleted with the permission that conversations with clients take', async () => {
    const { id, contact } = await called();
    for (const actor of [firm.rm, firm.rmHead])
      await expect(callerFor(actor).leads.deleteContact({ id: contact.id })).rejects.toMatchObject({
        code: 'FORBIDDEN'
      });
    expect((await admin().byId({ id })).contacts[0]?.can).toEqual({ edit: true, delete: true });
    await admin().deleteContact({ id: contact.id, version: 1 });
    expect((await rm().byId({ id })).contacts).toEqual([]);
    expect([...(await auditOf(id))].at(-1)).toMatchObject({
      action: 'delete',
      old: { subject: 'Wants a SIP' }
    });
    await expect(admin().deleteContact({ id: contact.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is deleted by a head whose role may, as far as his people logged it', async () => {
    const grants = { ...firm.rmHead.grants, 'interactions.delete': 'team' as const };
    const head = callerFor({ ...firm.rmHead, grants }).leads;
    const [his, others] = [await called(), await called(firm.admin)];
    await head.deleteContact({ id: his.contact.id, version: 1 });
    await expect(head.deleteContact({ id: others.contact.id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('has a page of its own where it was said with a client', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintLead({ conversionRmId: firm.rm.userId, clientId });
    await mintInteraction({ clientId, leadId: id, userId: firm.rm.userId });
    expect((await rm().byId({ id })).contacts).toMatchObject([{ can: { edit: false, delete: false } }]);
  });
});

describe('the first call', () => {
  it('is due again when nobody answered after all, and kept when somebody did', async () => {
    const { id, contact } = await called();
    const [kept] = await firstCall(id);
    expect(kept).toMatchObject({ state: 'satisfied', endedAt: hoursAgo(1) });
    await rm().updateContact({ id: contact.id, version: 1, missed: true });
    expect(await firstCall(id)).toMatchObject([{ round: 1, state: 'running', endedAt: null }]);
    await rm().updateContact({ id: contact.id, version: 2, missed: false });
    expect(await firstCall(id)).toMatchObject([{ round: 1, state: 'satisfied', endedAt: hoursAgo(1) }]);
  });

  it('was made at the time that was corrected', async () => {
    const { id, contact } = await called();
    await firstCall(id);
    await rm().updateContact({ id: contact.id, version: 1, occurredAt: hoursAgo(2) });
    expect(await firstCall(id)).toMatchObject([{ round: 1, state: 'satisfied', endedAt: hoursAgo(2) }]);
  });

  it('is due again when the contact is deleted', async () => {
    const { id, contact } = await called();
    expect(await firstCall(id)).toMatchObject([{ state: 'satisfied' }]);
    await admin().deleteContact({ id: contact.id });
    expect(await firstCall(id)).toMatchObject([{ state: 'running', endedAt: null }]);
  });
});
