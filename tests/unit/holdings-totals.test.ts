import { describe, expect, it } from 'vitest';
import { misfitOf } from '#lib/holdings/model.ts';
import { totalsOf } from '#lib/holdings/totals.ts';

const held = (more: Partial<Parameters<typeof totalsOf>[0][number]>) => ({
  status: 'active',
  amount: null,
  currency: 'INR',
  value: null,
  valueCurrency: null,
  ...more
});

describe('the totals of holdings', () => {
  it('are exact where a float would not be, and count what is active only', () => {
    expect(
      totalsOf([
        held({ amount: '10000000000000.01' }),
        held({ amount: '0.1' }),
        held({ amount: '0.2', value: '0.07', valueCurrency: 'INR' }),
        held({ amount: '5', status: 'redeemed' })
      ])
    ).toEqual([{ currency: 'INR', invested: '10000000000000.31', value: '0.07' }]);
  });

  it('keep currencies apart, also where a value is in another than the amount', () => {
    expect(
      totalsOf([
        held({ amount: '100', currency: 'USD', value: '8300.50', valueCurrency: 'INR' }),
        held({ amount: '200' })
      ])
    ).toEqual([
      { currency: 'INR', invested: '200.00', value: '8300.50' },
      { currency: 'USD', invested: '100.00', value: null }
    ]);
    expect(totalsOf([held({})])).toEqual([]);
  });
});

describe('what does not fit together in a holding', () => {
  const terms = {
    mode: 'sip' as const,
    instalment: '5000',
    instalmentDay: 5,
    status: 'active' as const,
    startedOn: '2026-01-05',
    endedOn: null
  };

  it.each([
    ['nothing', {}, null],
    ['a lump sum with an instalment', { mode: 'lump_sum' as const }, 'instalment'],
    ['a day without a SIP', { mode: null, instalment: null }, 'instalmentDay'],
    ['an end while it is active', { endedOn: '2026-02-01' }, 'endedOn'],
    ['an end before its beginning', { status: 'closed' as const, endedOn: '2025-02-01' }, 'endedOn'],
    ['an end the same day', { status: 'redeemed' as const, endedOn: '2026-01-05' }, null]
  ])('is %s', (_, more, field) => {
    expect(misfitOf({ ...terms, ...more })?.field ?? null).toBe(field);
  });
});
