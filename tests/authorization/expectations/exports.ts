import { free, type Expectations } from './letters.ts';

// Executives hold no export; whose rows are in it is the list's to say.
export const exports: Expectations = {
  'exports.leads': free('f f o o'),
  'exports.clients': free('f f o o'),
  'exports.interactions': free('f f o o'),
  'exports.queries': free('f f o o'),
  'exports.requests': free('f f o o'),
  'exports.report': free('f f o o', () => ({ report: 'promises', table: 'time', filter: {} })),
  'exports.audit': free('f f f o')
};
