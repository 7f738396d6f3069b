import { byId, free, on, type Expectations } from './letters.ts';

// Everybody reads his own, administrators too.
export const digests: Expectations = {
  'digests.list': free('o o o o'),
  'digests.byId': on('digest', 'onnn onnn onnn onnn', byId),
  'digests.preview': free('o o o o'),
  'digests.send': free('o o o o')
};
