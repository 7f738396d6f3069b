import { describe, expect, it } from 'vitest';
import { whyAttention } from '#lib/clients/attention.ts';

describe('why a client is urgent or not', () => {
  it.each([
    ['urgent', 95, 90, 'No contact for 95 days, urgent after 90 days'],
    ['urgent', 35, 30, 'No contact for 35 days, urgent after 30 days'],
    ['warning', 1, 1, 'No contact for 1 day, urgent after 1 day'],
    ['fine', 0, 30, 'Last contact today, urgent after 30 days'],
    ['fine', 0, 0, 'Last contact today, urgent from the next day'],
    ['fine', -1, 90, 'Last contact today, urgent after 90 days'],
    ['never', null, 90, 'Nobody has spoken with them yet']
  ] as const)('%s after %s days of %s', (attention, daysSinceContact, urgentAfterDays, words) => {
    expect(whyAttention({ attention, daysSinceContact, urgentAfterDays })).toBe(words);
  });
});
