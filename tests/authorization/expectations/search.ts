import { free, type Expectations } from './letters.ts';

export const search: Expectations = {
  'search.everything': free('o o o o', () => ({ q: 'client' }))
};
