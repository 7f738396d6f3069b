import { parseOptions } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { acceptInvitationInput, emailKey, loginInput } from '#lib/platform/auth/model.ts';
import { ARGON2, DUMMY_HASH, hashPassword, passwordMatches } from '#lib/platform/auth/passwords.server.ts';
import { Unavailable } from '#lib/platform/errors.ts';

describe('passwords', () => {
  it('are hashed by Argon2id with at least 19 MiB and two passes, the dummy alike', async () => {
    const made = await hashPassword('correct horse battery');
    expect(made).toMatch(/^\$argon2id\$/);
    expect(DUMMY_HASH).toMatch(/^\$argon2id\$/);
    expect(parseOptions(made)).toMatchObject(ARGON2);
    expect(parseOptions(DUMMY_HASH)).toEqual(parseOptions(made));
    expect(ARGON2.memoryCost).toBeGreaterThanOrEqual(19 * 1024);
    expect(ARGON2.timeCost).toBeGreaterThanOrEqual(2);
  });

  it('match their own hash only, and nothing matches where there is none', async () => {
    const made = await hashPassword('correct horse battery');
    expect(await passwordMatches(made, 'correct horse battery')).toBe(true);
    expect(await passwordMatches(made, 'correct horse batterY')).toBe(false);
    expect(await passwordMatches(null, 'correct horse battery')).toBe(false);
  });

  it('are not hashed for more than wait their turn', async () => {
    const flood = Array.from({ length: 110 }, () => hashPassword('x').catch((error: unknown) => error));
    const turnedAway = (await Promise.all(flood)).filter((result) => result instanceof Unavailable);
    expect(turnedAway).toHaveLength(8);
  }, 60_000);
});

describe('the inputs', () => {
  it('bound what is hashed and take no unknown keys', () => {
    expect(loginInput.safeParse({ email: 'a@example.com', password: 'x'.repeat(201) }).success).toBe(false);
    expect(loginInput.safeParse({ email: 'a@example.com', password: 'x', admin: true }).success).toBe(false);
    expect(acceptInvitationInput.safeParse({ token: 'x'.repeat(43), password: 'short' }).success).toBe(false);
  });

  it('compare e-mail addresses without case and blanks', () => {
    expect(emailKey(' Asha@Example.COM ')).toBe('asha@example.com');
  });
});
