import { acting, byId, on, type Expectations } from './letters.ts';

const because = { reason: 'Because' };
const soon = () => new Date(Date.now() + 3_600_000);

export const clocks: Expectations = {
  'clocks.forSubject': on('query', 'onnn oonn oonn ooon', ({ id }) => ({ kind: 'query', id })),
  'clocks.explain': on('clock', 'onnn oonn oonn ooon', byId),
  'clocks.acknowledge': on('clock', 'onnn ofnn oonn ooon', acting(because)),
  'clocks.snooze': on('clock', 'onnn ofnn oonn ooon', ({ id }) => ({ id, until: soon(), ...because })),
  'clocks.wake': on('clock', 'onnn ofnn oonn ooon', byId)
};
