import { free, type Expectations } from './letters.ts';

export const settings: Expectations = {
  'settings.lists': free('o o o o')
};
