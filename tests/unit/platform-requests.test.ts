import { describe, expect, it } from 'vitest';
import { TooManyAttempts } from '#lib/platform/errors.ts';
import { isOwnOrigin } from '#lib/platform/trpc/origin.server.ts';
import { RateLimiter } from '#lib/platform/trpc/rate-limit.server.ts';

describe('the rate limiter', () => {
  it('lets a burst through, then as many as are earned back', () => {
    const limiter = new RateLimiter({ burst: 3, perSecond: 2 });
    for (let n = 0; n < 3; n++) limiter.take('asha', 0);
    expect(() => limiter.take('asha', 0)).toThrow(TooManyAttempts);
    expect(() => limiter.take('asha', 400)).toThrow(TooManyAttempts);
    limiter.take('asha', 600);
    expect(() => limiter.take('asha', 600)).toThrow(TooManyAttempts);
  });

  it('counts everybody apart', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 });
    limiter.take('asha', 0);
    expect(() => limiter.take('ravi', 0)).not.toThrow();
  });

  it('never saves up more than a burst', () => {
    const limiter = new RateLimiter({ burst: 2, perSecond: 10 });
    limiter.take('asha', 0);
    limiter.take('asha', 60_000);
    limiter.take('asha', 60_000);
    expect(() => limiter.take('asha', 60_000)).toThrow(TooManyAttempts);
  });
});

describe('the origin of a request that changes something', () => {
  const at = 'http://10.0.0.5:3000/api/trpc/leads.create';
  const own = (headers: Record<string, string>, publicUrl: string | null = null) =>
    isOwnOrigin(new Request(at, { headers }), new URL(at), publicUrl ? new URL(publicUrl) : null);

  it('may be the public address, the address it was sent to, or unnamed', () => {
    expect(own({ origin: 'https://crm.example.com' }, 'https://crm.example.com')).toBe(true);
    expect(own({ origin: 'http://10.0.0.5:3000', 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(own({})).toBe(true);
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://10.0.0.5' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://10.0.0.5:3000', 'sec-fetch-site': 'cross-site' }
  ])('may not be %o', (headers) => {
    expect(own(headers as Record<string, string>, 'https://crm.example.com')).toBe(false);
  });
});
