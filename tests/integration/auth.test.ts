import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ABSOLUTE_MS, IDLE_MS } from '#lib/platform/auth/adapter.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { issueInvitation, signIn, tidyGate } from '#lib/platform/auth/commands.server.ts';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import { validateSession } from '#lib/platform/auth/sessions.server.ts';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { asGate, asSystem, closeDatabase, readAtGate } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { newAddress, Visitor } from '../support/calls.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';

const MINUTE = 60_000;
let database: TestDatabase;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
});

afterEach(() => vi.useRealTimers());

afterAll(async () => {
  await closeDatabase();
  await superuser.end();
  await database.drop();
});

function passTime(ms: number) {
  const now = Date.now() + ms;
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
}

async function signedIn() {
  const account = await addAccount();
  const visitor = new Visitor();
  await visitor.signIn(account.email, PASSWORD);
  return { ...account, visitor };
}

const refusalOf = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown
  );
  return error instanceof Error && 'code' in error ? { code: error.code, message: error.message } : null;
};

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

describe('a session', () => {
  it('is found with one statement', async () => {
    const { visitor } = await signedIn();
    const sent: string[] = [];
    await observeStatements(
      (text) => sent.push(text),
      () => visitor.context()
    );
    expect(sent.map((text) => text.trim().split(/\s/)[0])).toEqual(['select']);
  });

  it('cannot be opened with what the table holds', async () => {
    const { userId, visitor } = await signedIn();
    const [stored] = await superuser<{ id: string }[]>`select id from sessions where user_id = ${userId}`;
    expect(stored?.id).toBe(sha256(visitor.cookie ?? ''));
    expect(await validateSession(stored?.id ?? '')).toBeNull();
    const [row] = await superuser`select s::text as line from sessions s where user_id = ${userId}`;
    expect(row?.line).not.toContain(visitor.cookie);
  });

  it('ends when it was not used for its idle lifetime, and lives on when it was', async () => {
    const { visitor } = await signedIn();
    passTime(IDLE_MS - 5 * MINUTE);
    expect(await visitor.isSignedIn()).toBe(true);
    passTime(IDLE_MS - MINUTE);
    expect(await visitor.isSignedIn()).toBe(true);
    passTime(IDLE_MS + 1000);
    expect(await visitor.isSignedIn()).toBe(false);
  });

  it('ends after its absolute lifetime however much it is used', async () => {
    const { visitor } = await signedIn();
    const step = IDLE_MS - MINUTE;
    let left = ABSOLUTE_MS;
    for (; left > step; left -= step) {
      passTime(step);
      expect(await visitor.isSignedIn()).toBe(true);
    }
    passTime(left + 1000);
    expect(await visitor.isSignedIn()).toBe(false);
  });

  it('notes its use at most once a minute', async () => {
    const { visitor } = await signedIn();
    const writes: string[] = [];
    const visit = () =>
      observeStatements(
        (text) => text.startsWith('update') && writes.push(text),
        () => visitor.context()
      );
    await visit();
    expect(writes).toHaveLength(0);
    passTime(61_000);
    await visit();
    await visit();
    expect(writes).toHaveLength(1);
  });

  it('is over at once for somebody deactivated', async () => {
    const { userId, visitor } = await signedIn();
    expect(await visitor.isSignedIn()).toBe(true);
    await superuser`update users set active = false where id = ${userId}`;
    expect(await visitor.isSignedIn()).toBe(false);
  });

  it('ends with signing out', async () => {
    const { visitor } = await signedIn();
    const id = visitor.cookie ?? '';
    await (await visitor.api()).auth.logout();
    expect(visitor.cookie).toBeNull();
    expect(await validateSession(id)).toBeNull();
  });

  it('can be listed and revoked by its owner only', async () => {
    const { email, visitor } = await signedIn();
    const phone = new Visitor();
    await phone.signIn(email, PASSWORD);
    const listed = await (await visitor.api()).auth.sessions.list();
    expect(listed).toHaveLength(2);
    const other = listed.find((session) => !session.current)?.id ?? '';
    const stranger = (await signedIn()).visitor;
    expect(await refusalOf((await stranger.api()).auth.sessions.revoke({ id: other }))).toMatchObject({
      code: 'NOT_FOUND'
    });
    await (await visitor.api()).auth.sessions.revoke({ id: other });
    expect(await phone.isSignedIn()).toBe(false);
    expect(await visitor.isSignedIn()).toBe(true);
  });
});

describe('changing the password', () => {
  const next = 'another long password';

  it('needs the current one, ends the other sessions and keeps this one', async () => {
    const { email, visitor } = await signedIn();
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
    const { visitor } = await signedIn();
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

describe('the actor', () => {
  it('sees himself, and a head the members of his teams too', async () => {
    const head = await addAccount({ level: 1, grants: { 'leads.view': 'team' } });
    const member = await addAccount();
    await superuser`with t as (insert into teams (name, function, head_id) values ('North', 'rm', ${head.userId}) returning id)
      insert into team_members select id, ${member.userId}::bigint from t`;
    const actor = await actorOf(head.userId);
    expect(actor).toMatchObject({
      level: 1,
      seesAll: false,
      grants: { 'leads.view': 'team' },
      sessionId: null
    });
    expect(actor.visibleUserIds).toEqual([head.userId, member.userId]);
    expect(actor.headedTeamIds).toHaveLength(1);
    expect(await actorOf(member.userId)).toMatchObject({
      visibleUserIds: [member.userId],
      headedTeamIds: []
    });
    expect(await actorOf((await addAccount({ level: 0 })).userId)).toMatchObject({ seesAll: true });
    await expect(actorOf(999_999)).rejects.toBeInstanceOf(NotFound);
  });
});

describe('the gate', () => {
  it('reads and writes credentials and nothing else', async () => {
    const outside = asGate((tx) => tx.execute('select 1 from clients'));
    await expect(outside).rejects.toMatchObject({ cause: { code: '42501' } });
    const writing = asGate((tx) => tx.execute('update users set active = true'));
    await expect(writing).rejects.toMatchObject({ cause: { code: '42501' } });
    const looking = readAtGate((tx) => tx.execute('select 1 from clients'));
    await expect(looking).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it('cannot write where it only looks', async () => {
    const writing = readAtGate((tx) => tx.execute('delete from sessions'));
    await expect(writing).rejects.toMatchObject({ cause: { code: '25006' } });
  });

  it('is tidied of what has run out', async () => {
    const { userId } = await signedIn();
    await superuser`update sessions set expires_at = now() - interval '1 hour' where user_id = ${userId}`;
    await tidyGate();
    expect(await superuser`select 1 from sessions where user_id = ${userId}`).toHaveLength(0);
  });
});
