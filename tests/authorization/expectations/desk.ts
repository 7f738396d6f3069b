import { acting, byId, free, fresh, ofClient, on, type Expectations } from './letters.ts';
import { bankDetails } from '../../support/records.ts';
import type { Target } from '../world.ts';

const resolved = { status: 'resolved', resolution: 'Done' };
const running = { status: 'in_progress' };
const waiting = { status: 'in_progress', waitingOn: 'client', waitingWhy: 'Form' };
const waits = { waitingOn: 'client', reason: 'Form' };

const because = { reason: 'Because' };

export const queries: Expectations = {
  'queries.list': free('o o o o'),
  'queries.board': free('o o o o'),
  'queries.byId': on('query', 'onnn oonn oonn ooon', byId),
  'queries.open': on('client', 'onnn ffff oonn ooon', ofClient({ subject: 'Why?' })),
  'queries.update': on('query', 'onnn ffff oonn ooon', acting({ version: 1, priority: 'high' })),
  'queries.prioritise': on('query', 'onnn ffff oonn ooon', ({ id }) => ({ ids: [id], priority: 'high' })),
  'queries.assign': on('query', 'ffff ffff oonn ooon', ({ id }, firm) => ({ id, rmId: firm.rm2.userId })),
  'queries.start': on('query', 'onnn ofnn oonn ooon', byId),
  'queries.wait': on('query', 'onnn ofnn oonn ooon', acting(waits), running),
  'queries.resume': on('query', 'onnn ofnn oonn ooon', byId, waiting),
  'queries.resolve': on('query', 'onnn ofnn oonn ooon', acting({ resolution: 'So' })),
  'queries.close': on('query', 'onnn ffff oonn ooon', byId, resolved),
  'queries.reopen': on('query', 'onnn ffff oonn ooon', acting(because), resolved)
};

// Heads view every request, so for them another's is forbidden and not hidden.
export const requests: Expectations = {
  'requests.list': free('o o o o'),
  'requests.board': free('o o o o'),
  'requests.types': free('o o o o'),
  'requests.byId': on('request', 'onnn oonn ooon ooon', byId),
  'requests.open': on('client', 'onnn ooon oonn ooon', ({ clientId }, firm) => ({
    clientId,
    typeId: firm.requestTypeId,
    fields: bankDetails
  })),
  'requests.update': on('request', 'ffff oonn oofn ooon', acting({ version: 1, priority: 'high' })),
  'requests.prioritise': on('request', 'ffff oonn oofn ooon', ({ id }) => ({ ids: [id], priority: 'high' })),
  'requests.check': on('request', 'ffff oonn oofn ooon', acting({ step: 0, done: true }), {
    checklist: [{ label: 'Form', done: false }]
  }),
  'requests.assign': on('request', 'ffff ffff oofn ooon', ({ id }, firm) => ({
    id,
    assigneeId: firm.rm2.userId
  })),
  'requests.takeNext': free('f o o r'),
  'requests.start': on('request', 'ffff oonn oofn ooon', byId),
  'requests.wait': on('request', 'ffff oonn oofn ooon', acting(waits), running),
  'requests.resume': on('request', 'ffff oonn oofn ooon', byId, waiting),
  'requests.complete': on('request', 'ffff oonn oofn ooon', byId, running),
  'requests.reject': on('request', 'ffff oonn oofn ooon', acting(because)),
  'requests.reopen': on('request', 'ffff ffff oofn ooon', acting(because), { status: 'completed' })
};

const about = ({ id }: Target) => ({ subjectKind: 'query', subjectId: id });

export const comments: Expectations = {
  'comments.list': on('query', 'oooo oooo oooo oooo', (target) => ({ filter: about(target) })),
  'comments.mentionable': on('query', 'onnn oonn oonn ooon', about),
  'comments.add': on('query', 'onnn oonn oonn ooon', (target) => ({ ...about(target), body: 'Well' }))
};

const plain = { name: 'Loan against units', defaultTatDays: 4 };

/** Types are the administrators' to look after. */
export const requestTypes: Expectations = {
  'requestTypes.list': free('f f f o'),
  'requestTypes.byId': on('requestType', 'ffff ffff ffff ooon', byId),
  'requestTypes.create': free('f f f o', () => ({ ...plain, name: `Loan ${fresh()}` })),
  'requestTypes.update': on('requestType', 'ffff ffff ffff ooon', acting({ version: 1, defaultTatDays: 9 })),
  'requestTypes.move': on('requestType', 'ffff ffff ffff ooon', acting({ by: -1 })),
  'requestTypes.remove': on('requestType', 'ffff ffff ffff ooon', byId)
};
