import { free, ofClient, on, type Expectations } from './letters.ts';

export const interactions: Expectations = {
  'interactions.list': free('o o o o'),
  'interactions.log': on(
    'client',
    'onnn ofnn oonn ooon',
    ofClient({ channel: 'call', direction: 'outbound', subject: 'Hello' })
  )
};
