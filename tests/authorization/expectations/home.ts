import { free, type Expectations } from './letters.ts';

export const home: Expectations = {
  'home.frame': free('o o o o'),
  'home.today': free('o o o o'),
  'notifications.list': free('o o o o'),
  'notifications.markRead': free('o o o o'),
  'reports.pipeline': free('o o o o')
};
