import { acting, byId, free, on, type Expectations } from './letters.ts';

const because = { reason: 'Because' };

export const leads: Expectations = {
  'leads.list': free('o f o o'),
  'leads.board': free('o f o o'),
  'leads.byId': on('lead', 'onnn ffff oonn ooon', byId),
  'leads.matches': on('lead', 'onnn ffff oonn ooon', byId),
  'leads.create': free('o f o o', () => ({ name: 'Somebody' })),
  'leads.update': on('lead', 'onnn ffff oonn ooon', acting({ version: 1, notes: 'Called' })),
  'leads.start': on('lead', 'onnn ffff oonn ooon', byId, { status: 'new' }),
  'leads.logContact': on('lead', 'onnn ffff oonn ooon', acting({ channel: 'call' })),
  'leads.updateContact': on('leadContact', 'onnn nnnn oonn ooon', acting({ version: 1, body: 'Or so' })),
  'leads.deleteContact': on('leadContact', 'ffff ffff ffff ooon', byId),
  'leads.assign': on('lead', 'ffff ffff oonn ooon', ({ id }, firm) => ({ id, rmId: firm.rm2.userId })),
  'leads.convert': on('lead', 'onnn ffff oonn ooon', ({ id }, firm) => ({
    id,
    productId: firm.productId,
    client: { name: 'Brand New', panExemptReason: 'Abroad' }
  })),
  'leads.deny': on('lead', 'onnn ffff oonn ooon', acting({ reason: 'budget' })),
  'leads.reopen': on('lead', 'ffff ffff oonn ooon', acting(because), {
    status: 'denied',
    denialReason: 'budget'
  })
};
