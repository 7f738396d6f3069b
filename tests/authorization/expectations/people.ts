import { free, type Expectations } from './letters.ts';

export const people: Expectations = {
  'people.list': free('o o o o'),
  'people.options': free('o o o o'),
  'teams.list': free('o o o o')
};
