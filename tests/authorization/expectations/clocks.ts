import { byId, on, type Expectations } from './letters.ts';

export const clocks: Expectations = {
  'clocks.forSubject': on('query', 'onnn oonn oonn ooon', ({ id }) => ({ kind: 'query', id })),
  'clocks.explain': on('clock', 'onnn oonn oonn ooon', byId)
};
