import { acting, byId, ofClient, on, type Expectations } from './letters.ts';

export const holdings: Expectations = {
  'holdings.list': on('client', 'onnn oonn oonn ooon', ofClient()),
  'holdings.byId': on('holding', 'onnn oonn oonn ooon', byId),
  'holdings.totals': on('client', 'onnn oonn oonn ooon', ofClient()),
  'holdings.add': on('client', 'onnn ofnn oonn ooon', ofClient({ productName: 'Old fund' })),
  'holdings.update': on('holding', 'onnn ofnn oonn ooon', acting({ version: 1, folio: 'F-1' })),
  'holdings.remove': on('holding', 'ffff ffff ffff ooon', acting({ version: 1 }))
};
