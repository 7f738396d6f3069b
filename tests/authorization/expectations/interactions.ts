import { acting, byId, free, ofClient, on, type Expectations } from './letters.ts';

const review = { purpose: 'portfolio_review' };

export const interactions: Expectations = {
  'interactions.list': free('o o o o'),
  'interactions.byId': on('interaction', 'onnn oonn oonn ooon', byId),
  'interactions.log': on(
    'client',
    'onnn ofnn oonn ooon',
    ofClient({ channel: 'call', direction: 'outbound', subject: 'Hello' })
  ),
  'interactions.update': on('interaction', 'onnn ofnn oonn ooon', acting({ version: 1, body: 'Or so' })),
  'interactions.delete': on('interaction', 'ffff ffff ffff ooon', byId),
  'interactions.context': on('client', 'onnn ofnn oonn ooon', ofClient()),
  'interactions.linkable': on('client', 'onnn ofnn oonn ooon', ofClient({ kind: 'query' })),
  'clients.logContact': on('client', 'onnn ofnn oonn ooon', ofClient({ channel: 'call', summary: 'Hello' })),
  'reviews.byId': on('interaction', 'onnn oonn oonn ooon', byId, review),
  'reviews.log': on('client', 'onnn ofnn oonn ooon', ofClient({ heldOn: '2026-01-15' })),
  'reviews.update': on(
    'interaction',
    'onnn ofnn oonn ooon',
    acting({ version: 1, findings: 'Or so' }),
    review
  )
};
