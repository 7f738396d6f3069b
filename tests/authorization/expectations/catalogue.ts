import { acting, byId, free, fresh, on, type Expectations } from './letters.ts';

export const catalogue: Expectations = {
  'catalogue.list': free('o o o o'),
  'catalogue.search': free('o o o o', () => ({ q: 'fund' })),
  'catalogue.choices': free('o o o o'),
  'catalogue.byId': on('product', 'ooon ooon ooon ooon', byId),
  'catalogue.create': free('f f f o', () => ({ name: `Scheme ${fresh()}` })),
  'catalogue.update': on('product', 'ffff ffff ffff ooon', acting({ version: 1 })),
  'catalogue.remove': on('product', 'ffff ffff ffff ooon', acting({ version: 1 }))
};
