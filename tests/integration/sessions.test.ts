import { describe, expect, it } from 'vitest';
import { ABSOLUTE_MS, IDLE_MS } from '#lib/platform/auth/adapter.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { tidyGate } from '#lib/platform/auth/commands.server.ts';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import { validateSession } from '#lib/platform/auth/sessions.server.ts';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { asGate, readAtGate } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { addAccount, addVisitor, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { passTime, usePassingTime } from '../support/passing-time.ts';
import { refusalOf } from '../support/refusals.ts';
import { superuser, useOwnDatabase } from '../support/test-firm.ts';

useOwnDatabase();
usePassingTime();

const MINUTE = 60_000;

describe('a session', () => {
  it('is found with one statement', async () => {
    const { visitor } = await addVisitor();
    const sent: string[] = [];
    await observeStatements(
      (text) => sent.push(text),
      () => visitor.context()
    );
    expect(sent.map((text) => text.trim().split(/\s/)[0])).toEqual(['select']);
  });

  it('cannot be opened with what the table holds', async () => {
    const { userId, visitor } = await addVisitor();
    const [stored] = await superuser<{ id: string }[]>`select id from sessions where user_id = ${userId}`;
    expect(stored?.id).toBe(sha256(visitor.cookie ?? ''));
    expect(await validateSession(stored?.id ?? '')).toBeNull();
    const [row] = await superuser`select s::text as line from sessions s where user_id = ${userId}`;
    expect(row?.line).not.toContain(visitor.cookie);
  });

  it('ends when it was not used for its idle lifetime, and lives on when it was', async () => {
    const { visitor } = await addVisitor();
    passTime(IDLE_MS - 5 * MINUTE);
    expect(await visitor.isSignedIn()).toBe(true);
    passTime(IDLE_MS - MINUTE);
    expect(await visitor.isSignedIn()).toBe(true);
    passTime(IDLE_MS + 1000);
    expect(await visitor.isSignedIn()).toBe(false);
  });

  it('ends after its absolute lifetime however much it is used', async () => {
    const { visitor } = await addVisitor();
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
    const { visitor } = await addVisitor();
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
    const { userId, visitor } = await addVisitor();
    expect(await visitor.isSignedIn()).toBe(true);
    await superuser`update users set active = false where id = ${userId}`;
    expect(await visitor.isSignedIn()).toBe(false);
  });

  it('ends with signing out', async () => {
    const { visitor } = await addVisitor();
    const id = visitor.cookie ?? '';
    await (await visitor.api()).auth.logout();
    expect(visitor.cookie).toBeNull();
    expect(await validateSession(id)).toBeNull();
  });

  it('can be listed and revoked by its owner only', async () => {
    const { email, visitor } = await addVisitor();
    const phone = new Visitor();
    await phone.signIn(email, PASSWORD);
    const listed = await (await visitor.api()).auth.sessions.list();
    expect(listed).toHaveLength(2);
    const other = listed.find((session) => !session.current)?.id ?? '';
    const stranger = (await addVisitor()).visitor;
    expect(await refusalOf((await stranger.api()).auth.sessions.revoke({ id: other }))).toMatchObject({
      code: 'NOT_FOUND'
    });
    await (await visitor.api()).auth.sessions.revoke({ id: other });
    expect(await phone.isSignedIn()).toBe(false);
    expect(await visitor.isSignedIn()).toBe(true);
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
    const { userId } = await addVisitor();
    await superuser`update sessions set expires_at = now() - interval '1 hour' where user_id = ${userId}`;
    await tidyGate();
    expect(await superuser`select 1 from sessions where user_id = ${userId}`).toHaveLength(0);
  });
});
