import { describe, expect, it } from 'vitest';
import { issueInvitation, signIn } from '#lib/platform/auth/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { addAccount, addVisitor, PASSWORD } from '../support/accounts.ts';
import { newAddress, Visitor } from '../support/calls.ts';
import { passTime, usePassingTime } from '../support/passing-time.ts';
import { refusalOf } from '../support/refusals.ts';
import { superuser, useOwnDatabase } from '../support/test-firm.ts';

useOwnDatabase();
usePassingTime();

const MINUTE = 60_000;

describe('signing in', () => {
  it('starts a session, whatever case the address is typed in', async () => {
    const { email } = await addAccount();
    const visitor = new Visitor();
    await visitor.signIn(` ${email.toUpperCase()} `, PASSWORD);
    expect(await visitor.isSignedIn()).toBe(true);
    expect(await (await visitor.api()).auth.me()).toMatchObject({
      email,
      level: 2,
      mustChangePassword: false
    });
  });

  it('answers alike for an unknown address, a wrong password, and somebody deactivated or only invited', async () => {
    const known = await addAccount();
    const gone = await addAccount();
    const invited = await addAccount();
    await superuser`update users set active = false where id = ${gone.userId}`;
    await superuser`update credentials set password_hash = null where user_id = ${invited.userId}`;
    const answers = await Promise.all(
      [
        new Visitor().signIn('nobody@example.com', PASSWORD),
        new Visitor().signIn(known.email, 'wrong password'),
        new Visitor().signIn(gone.email, PASSWORD),
        new Visitor().signIn(invited.email, PASSWORD)
      ].map(refusalOf)
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ code: 'UNAUTHORIZED', message: 'E-mail or password is wrong' })])
    );
  });

  it('does the same work for an unknown address as for a wrong password', async () => {
    const { email } = await addAccount();
    const time = async (address: string) => {
      const start = performance.now();
      await refusalOf(
        signIn({ email: address, password: 'wrong password' }, { address: newAddress(), userAgent: null })
      );
      return performance.now() - start;
    };
    const wrong: number[] = [];
    const unknown: number[] = [];
    // In turns, so that a busy machine slows both alike; without the work the unknown takes a tenth of the time.
    for (let n = 0; n < 4; n++) {
      wrong.push(await time(email));
      unknown.push(await time(`nobody${n}@example.com`));
    }
    expect(Math.min(...unknown) / Math.min(...wrong)).toBeGreaterThan(0.4);
  });
});

describe('throttling', () => {
  it('locks an account after five failures, for longer with each one after that', async () => {
    const { email } = await addAccount();
    const guess = (password = 'wrong password') => refusalOf(new Visitor().signIn(email, password));
    for (let n = 0; n < 5; n++) expect(await guess()).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await guess(PASSWORD)).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    passTime(31_000);
    expect(await guess()).toMatchObject({ code: 'UNAUTHORIZED' });
    passTime(31_000);
    expect(await guess()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    passTime(31_000);
    expect(await guess(PASSWORD)).toBeNull();
    expect(await guess()).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('locks an address that does not exist in the same way', async () => {
    const guess = () => refusalOf(new Visitor().signIn('ghost@example.com', 'wrong password'));
    for (let n = 0; n < 5; n++) expect(await guess()).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await guess()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });

  it('lets no more guesses through when they come at the same moment', async () => {
    const { email } = await addAccount();
    const guesses = Array.from({ length: 20 }, () =>
      refusalOf(new Visitor().signIn(email, 'wrong password'))
    );
    const codes = (await Promise.all(guesses)).map((answer) => answer?.code);
    expect(codes.filter((code) => code === 'UNAUTHORIZED')).toHaveLength(5);
  });

  it('locks a visitor who tries many accounts, and not one who signs in often', async () => {
    const { email } = await addAccount();
    const office = newAddress();
    for (let n = 0; n < 35; n++) await new Visitor(office).signIn(email, PASSWORD);
    const robber = newAddress();
    const codes = new Set<unknown>();
    for (let n = 0; n < 31; n++) {
      codes.add(
        (await refusalOf(new Visitor(robber).signIn(`victim${n}@example.com`, 'password1234')))?.code
      );
    }
    expect(codes).toEqual(new Set(['UNAUTHORIZED', 'TOO_MANY_REQUESTS']));
  });
});

describe('changing the password', () => {
  const next = 'another long password';

  it('needs the current one, ends the other sessions and keeps this one', async () => {
    const { email, visitor } = await addVisitor();
    const phone = new Visitor();
    await phone.signIn(email, PASSWORD);
    const wrong = (await visitor.api()).auth.changePassword({ current: 'wrong password', password: next });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
    await (await visitor.api()).auth.changePassword({ current: PASSWORD, password: next });
    expect(await phone.isSignedIn()).toBe(false);
    expect(await visitor.isSignedIn()).toBe(true);
    expect(await refusalOf(phone.signIn(email, PASSWORD))).toMatchObject({ code: 'UNAUTHORIZED' });
    await phone.signIn(email, next);
  });

  it('refuses a short one', async () => {
    const { visitor } = await addVisitor();
    const short = (await visitor.api()).auth.changePassword({ current: PASSWORD, password: 'short' });
    expect(await refusalOf(short)).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('frees the holder of a one-time password', async () => {
    const { email } = await addAccount({ mustChange: true });
    const visitor = new Visitor();
    await visitor.signIn(email, PASSWORD);
    expect((await visitor.context()).session?.mustChangePassword).toBe(true);
    await (await visitor.api()).auth.changePassword({ current: PASSWORD, password: next });
    expect((await visitor.context()).session?.mustChangePassword).toBe(false);
  });
});

describe('an invitation', () => {
  const invite = async (userId: number) => (await asSystem((tx) => issueInvitation(tx, userId))).token;
  const accept = async (visitor: Visitor, token: string) =>
    (await visitor.api()).auth.acceptInvitation({ token, password: 'a password of my own' });

  it('sets the password, signs in, and works once', async () => {
    const { userId, email } = await addAccount();
    const token = await invite(userId);
    const visitor = new Visitor();
    expect(await (await visitor.api()).auth.invitation({ token })).toMatchObject({ email });
    await accept(visitor, token);
    expect(await visitor.isSignedIn()).toBe(true);
    expect(await refusalOf(accept(new Visitor(), token))).toMatchObject({ code: 'NOT_FOUND' });
    await new Visitor().signIn(email, 'a password of my own');
  });

  it('runs out after a week, and ends with a newer one', async () => {
    const { userId } = await addAccount();
    const old = await invite(userId);
    const token = await invite(userId);
    expect(await refusalOf(accept(new Visitor(), old))).toMatchObject({ code: 'NOT_FOUND' });
    passTime(8 * 24 * 60 * MINUTE);
    expect(await refusalOf(accept(new Visitor(), token))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
