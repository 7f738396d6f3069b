import { free, type Expectations } from './letters.ts';

export const home: Expectations = {
  'home.frame': free('o o o o'),
  'home.today': free('o o o o'),
  'notifications.list': free('o o o o'),
  'notifications.markRead': free('o o o o'),
  'reports.overview': free('o o o o'),
  'reports.pipeline': free('o o o o'),
  'reports.promises': free('o o o o'),
  'reports.ageing': free('o o o o'),
  'reports.escalations': free('o o o o'),
  'reports.reviews': free('o o o o'),
  'reports.referrals': free('o o o o'),
  'reports.rows': free('o o o o', () => ({ of: 'ageing' }))
};
