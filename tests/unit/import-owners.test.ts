import { describe, expect, it } from 'vitest';
import type { Account, Agent, Opportunity } from '#lib/imports/sales/model.ts';
import { ownersOf } from '#lib/imports/sales/owners.ts';

const manager = { name: 'Head', region: 'North' };
const [ada, ben] = [
  { name: 'Ada', manager },
  { name: 'Ben', manager }
] as [Agent, Agent];
const account = { name: 'Mill' } as Account;
const product = { name: 'Kettle', key: 'kettle', series: null, price: null };

const deal = (agent: Agent, status: Opportunity['status'], value = '1'): Opportunity => ({
  id: `${agent.name}-${status}-${value}`,
  agent,
  product,
  account,
  status,
  engagedOn: null,
  closedOn: null,
  value
});

const ownerAmong = (...deals: Opportunity[]) => ownersOf(deals).get(account)?.name;

describe('who looks after an account', () => {
  it('is the one with most wins, whatever they were worth', () => {
    expect(
      ownerAmong(deal(ada, 'converted', '900'), deal(ben, 'converted', '1'), deal(ben, 'converted', '2'))
    ).toBe('Ben');
  });

  it('is, among equals, the one who won more, to the last hundredth', () => {
    expect(
      ownerAmong(deal(ada, 'converted', '9007199254740993.01'), deal(ben, 'converted', '9007199254740993.02'))
    ).toBe('Ben');
  });

  it('is otherwise the one whose name sorts first, in any order of rows', () => {
    expect(ownerAmong(deal(ben, 'converted'), deal(ada, 'converted'))).toBe('Ada');
    expect(ownerAmong(deal(ada, 'converted'), deal(ben, 'converted'))).toBe('Ada');
  });

  it('is whoever has most opportunities where nobody won', () => {
    expect(ownerAmong(deal(ada, 'denied'), deal(ben, 'new'), deal(ben, 'wip'))).toBe('Ben');
  });

  it('is nobody where there is no opportunity', () => {
    expect(ownerAmong()).toBeUndefined();
  });
});
