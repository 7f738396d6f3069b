import { byId, free, on, type Expectations } from './letters.ts';

export const home: Expectations = {
  'home.frame': free('o o o o'),
  'home.today': free('o o o o'),
  'notifications.list': free('o o o o'),
  'notifications.byId': on('notification', 'onnn onnn onnn onnn', byId),
  'notifications.markRead': free('o o o o'),
  'notifications.choices': free('o o o o'),
  'notifications.choose': free('o o o o', () => ({ mention: 'daily' })),
  'notifications.muted': free('o o o o'),
  // What one has muted or read says nothing of the record, which may be gone or hidden.
  'notifications.about': free('o o o o', () => ({ kind: 'query', id: 1 })),
  'notifications.mute': on('query', 'onnn oonn oonn ooon', ({ id }) => ({ kind: 'query', id })),
  'notifications.unmute': free('o o o o', () => ({ kind: 'query', id: 1 })),
  'reports.overview': free('o o o o'),
  'reports.pipeline': free('o o o o'),
  'reports.promises': free('o o o o'),
  'reports.ageing': free('o o o o'),
  'reports.escalations': free('o o o o'),
  'reports.reviews': free('o o o o'),
  'reports.referrals': free('o o o o'),
  'reports.rows': free('o o o o', () => ({ of: 'ageing' }))
};
