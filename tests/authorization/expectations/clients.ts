import { free, fresh, ofClient, on, type Expectations } from './letters.ts';

// Operations keep the contact points of the clients they work for, and no other facts.
export const clients: Expectations = {
  'clients.list': free('o o o o'),
  'clients.search': free('o o o o', () => ({ q: 'client' })),
  'clients.duplicates': free('o f o o', () => ({ name: 'Client' })),
  'clients.create': free('o f o o', () => ({
    kind: 'individual',
    name: 'Somebody',
    panExemptReason: 'Abroad'
  })),
  'clients.byId': on('client', 'onnn oonn oonn ooon', ({ clientId }) => ({ id: clientId })),
  'clients.timeline': on('client', 'onnn oonn oonn ooon', ofClient()),
  'clients.update': on('client', 'onnn ffnn oonn ooon', ({ clientId }) => ({
    id: clientId,
    version: 1,
    organisation: 'Ltd'
  })),
  'clients.assign': on('client', 'ffff ffff oonn ooon', ({ clientId }, firm) => ({
    id: clientId,
    secondaryRmId: firm.rm2.userId
  })),
  'clients.revealPan': on('client', 'rnnn rfnn rrnn rrrn', ({ clientId }) => ({ id: clientId })),
  'clients.setTags': on('client', 'onnn ffnn oonn ooon', ofClient({ tags: ['vip'] })),
  'clients.addNote': on('client', 'onnn ofnn oonn ooon', ofClient({ body: 'Likes tea' })),
  'clients.contactPoints.add': on('client', 'onnn ofnn oonn ooon', ({ clientId }) => ({
    clientId,
    kind: 'email',
    value: `new${fresh()}@client.test`
  })),
  'clients.contactPoints.remove': on('point', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId
  })),
  'clients.contactPoints.setPrimary': on('point', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId
  })),
  'clients.addresses.add': on('client', 'onnn ofnn oonn ooon', ofClient({ city: 'Goa' })),
  'clients.addresses.update': on('address', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId,
    city: 'Goa'
  })),
  'clients.addresses.remove': on('address', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({ id, clientId }))
};
