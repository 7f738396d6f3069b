import { describe, expect, it } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { contact, convert, daysAgo, head, inDays, ourLead, promisesFor, rm } from '../support/lead-work.ts';
import { mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('what is said with a lead', () => {
  it('is kept with it, makes it work in progress, and sets the next follow-up', async () => {
    const id = await ourLead();
    const changed = await rm().logContact({
      id,
      channel: 'call',
      direction: 'inbound',
      subject: 'Asked for a brochure',
      body: 'By mail',
      nextFollowUpOn: inDays(2)
    });
    expect(changed).toMatchObject({ status: 'wip', version: 2 });
    const lead = await rm().byId({ id });
    expect(lead).toMatchObject({ status: 'wip', nextFollowUpOn: inDays(2) });
    expect(lead.contacts).toMatchObject([
      {
        subject: 'Asked for a brochure',
        body: 'By mail',
        direction: 'inbound',
        answered: true,
        interactionId: null
      }
    ]);
    expect(lead.contacts[0]?.by).toBe(firm.rm.name);
  });

  it('is part of the client’s timeline once it is converted, by whomever it was logged', async () => {
    const id = await ourLead();
    await contact(id, { missed: true });
    await head().logContact({ id, channel: 'in_person', subject: 'Met at the fair', occurredAt: daysAgo(1) });
    const clientId = await convert(id);
    const { items } = await callerFor(firm.rm).clients.timeline({ clientId, kinds: ['interaction'] });
    expect(items.map(({ title }) => title)).toEqual([
      expect.stringMatching(/converted$/),
      'Wants a SIP',
      'Met at the fair'
    ]);
    const { contacts } = await rm().byId({ id });
    expect(contacts.map(({ subject, answered }) => [subject, answered]).slice(1)).toEqual([
      ['Wants a SIP', false],
      ['Met at the fair', true]
    ]);
  });

  it('with a client we have is a conversation with him', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await ourLead({ clientId });
    await promisesFor(id, 'first_call');
    await contact(id);
    const { items } = await callerFor(firm.rm).interactions.list({ filter: { clientId } });
    expect(items).toMatchObject([{ subject: 'Wants a SIP' }]);
    expect(await promisesFor(id, 'first_call')).toMatchObject([{ state: 'satisfied' }]);
  });

  it('has been said, and with a lead of one’s own that is open', async () => {
    const id = await ourLead();
    const { logContact } = rm();
    await expect(logContact({ id, channel: 'call', occurredAt: daysAgo(-1) })).rejects.toThrow(/future/);
    await expect(logContact({ id, channel: 'call', version: 7 })).rejects.toMatchObject({ code: 'CONFLICT' });
    const hidden = await mintLead({ conversionRmId: firm.otherRm.userId });
    await expect(logContact({ id: hidden, channel: 'call' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await rm().deny({ id, reason: 'budget' });
    await expect(logContact({ id, channel: 'call' })).rejects.toThrow(/denied/i);
  });
});
