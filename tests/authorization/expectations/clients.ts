import type { Target } from '../world.ts';
import { free, fresh, ofClient, on, type Expectations } from './letters.ts';

const versioned = ({ clientId }: Target) => ({ id: clientId, version: 1 });
/** Two clients are wanted; one of them is as hidden or missing as the record, the other is the same one. */
const itself = ({ clientId }: Target) => ({ id: clientId, otherId: clientId });

// Operations keep the contact points of the clients they work for, and no other facts.
export const clients: Expectations = {
  'clients.list': free('o o o o'),
  'clients.search': free('o o o o', () => ({ q: 'client' })),
  'clients.duplicates': free('o f o o', () => ({ name: 'Client' })),
  'clients.panDuplicates': free('o f o o', () => ({ pan: 'ABCPK1234L' })),
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
  'clients.planContact': on('client', 'onnn ffnn oonn ooon', ({ clientId }) => ({
    id: clientId,
    on: '2099-01-04'
  })),
  'clients.archive': on('client', 'ffff ffff oonn ooon', versioned),
  'clients.restore': on('client', 'ffff ffff rrnn rrrn', versioned),
  'clients.dependents': on('client', 'ffff ffff ffff ooon', ({ clientId }) => ({ id: clientId })),
  'clients.delete': on('client', 'ffff ffff ffff ooon', versioned),
  'clients.compare': on('client', 'ffff ffff ffff rrrr', itself),
  'clients.merge': on('client', 'ffff ffff ffff rrrr', (target) => ({
    ...itself(target),
    version: 1,
    otherVersion: 1
  })),
  'clients.movedTo': on('client', 'oooo oooo oooo oooo', ({ clientId }) => ({ id: clientId })),
  'clients.history': on('client', 'onnn oonn oonn ooon', ofClient()),
  'clients.tags': free('o o o o'),
  'clients.facets': free('o o o o', () => undefined),
  'clients.addTag': on('client', 'onnn ffnn oonn ooon', ({ clientId }) => ({ ids: [clientId], tag: 'vip' })),
  'clients.revealPan': on('client', 'rnnn rfnn rrnn rrrn', ({ clientId }) => ({ id: clientId })),
  'clients.setTags': on('client', 'onnn ffnn oonn ooon', ofClient({ tags: ['vip'] })),
  'clients.addNote': on('client', 'onnn ofnn oonn ooon', ofClient({ body: 'Likes tea' })),
  'clients.contactPoints.add': on('client', 'onnn ofnn oonn ooon', ({ clientId }) => ({
    clientId,
    kind: 'email',
    value: `new${fresh()}@client.test`
  })),
  'clients.contactPoints.update': on('point', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId,
    value: `changed${fresh()}@client.test`
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
