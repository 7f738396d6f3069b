import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endSession } from '#lib/platform/auth/adapter.server.ts';
import { asGate, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { NOTIFICATIONS, stopListening, streamsOf } from '#lib/platform/live/hub.server.ts';
import { openStream } from '#lib/platform/live/stream.server.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let superuser: postgres.Sql;
const open: Stream[] = [];

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
});

afterEach(() => Promise.all(open.splice(0).map((stream) => stream.close())));

afterAll(async () => {
  stopListening();
  await closeDatabase();
  await superuser.end();
  await database.drop();
});

class Stream {
  readonly events: string[] = [];
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    void this.#read();
    open.push(this);
  }

  async #read(): Promise<void> {
    for (let part = await this.#reader.read(); !part.done; part = await this.#reader.read()) {
      for (const [, name] of new TextDecoder().decode(part.value).matchAll(/event: (\w+)/g))
        this.events.push(name ?? '');
    }
    this.ended = true;
  }

  close = () => this.#reader.cancel();
}

async function signedIn(checkEveryMs?: number) {
  const { userId, email } = await addAccount();
  const visitor = new Visitor();
  await visitor.signIn(email, PASSWORD);
  const session = (await visitor.context()).session;
  if (!session) throw new Error('not signed in');
  const stream = new Stream(openStream({ id: session.id, hash: session.hash, userId }, checkEveryMs));
  await expect.poll(() => stream.events).toEqual(['ready']);
  return { userId, session, stream };
}

const listeners = () =>
  superuser<{ pid: number }[]>`select pid from pg_stat_activity
    where datname = ${database.name} and application_name = 'rapport live' and query like 'listen%' and state = 'idle'`;

const notify = async (userId: number) => {
  await expect.poll(listeners).toHaveLength(1);
  await superuser.notify(NOTIFICATIONS, String(userId));
};

describe('a live stream', () => {
  it('tells its person of news and nobody else, over one connection for all', async () => {
    const asha = await signedIn();
    const ravi = await signedIn();
    await notify(asha.userId);
    await expect.poll(() => asha.stream.events).toEqual(['ready', 'notification']);
    expect(ravi.stream.events).toEqual(['ready']);
    expect(await listeners()).toHaveLength(1);
  });

  it('ends as soon as its session is revoked', async () => {
    const { userId, session, stream } = await signedIn();
    await expect.poll(listeners).toHaveLength(1);
    await asGate((tx) => endSession(tx, userId, session.hash));
    await expect.poll(() => stream.ended).toBe(true);
    expect(stream.events).toEqual(['ready', 'ended']);
  });

  it('ends for somebody deactivated at the next look at the session', async () => {
    const { userId, stream } = await signedIn(20);
    await superuser`update users set active = false where id = ${userId}`;
    await expect.poll(() => stream.ended).toBe(true);
  });

  it('is not what keeps a session alive', async () => {
    const { session, stream } = await signedIn(10);
    await superuser`update sessions set last_seen_at = now() - interval '2 hours' where id = ${session.hash}`;
    await expect
      .poll(
        async () =>
          (await superuser`select 1 from sessions where last_seen_at < now() - interval '1 hour'`).length
      )
      .toBe(1);
    expect(stream.ended).toBe(false);
  });

  it('hears again after its connection was cut, and says so once', async () => {
    const { userId, stream } = await signedIn();
    await expect.poll(listeners).toHaveLength(1);
    const [before] = await listeners();
    await superuser`select pg_terminate_backend(${before?.pid ?? 0})`;
    await expect.poll(() => stream.events, { timeout: 5000 }).toEqual(['ready', 'notification']);
    await notify(userId);
    await expect.poll(() => stream.events).toEqual(['ready', 'notification', 'notification']);
  });

  it('leaves nothing behind when the browser goes away', async () => {
    const { userId, stream } = await signedIn();
    expect(streamsOf(userId)).toBe(1);
    await stream.close();
    expect(streamsOf(userId)).toBe(0);
  });

  it('ends when the process stops', async () => {
    const { stream } = await signedIn();
    stopListening();
    await expect.poll(() => stream.ended).toBe(true);
    await expect.poll(listeners).toHaveLength(0);
  });
});
