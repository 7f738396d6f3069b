import { acting, byId, free, on, type Expectations } from './letters.ts';

/** Of the client that something met: the head of its RM's team decides, and administrators. */
export const duplicates: Expectations = {
  'duplicates.list': free('f f o o'),
  'duplicates.own': free('o o o o'),
  'duplicates.byId': on('duplicate', 'nnnn nnnn oonn ooon', byId),
  'duplicates.decide': on('duplicate', 'ffff ffff oonn ooon', acting({ decision: 'different' }))
};
