import { connect } from 'node:net';
import postgres from 'postgres';
import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { addAccount, PASSWORD, type Account } from '../support/accounts.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { startWeb, type Web } from '../support/web.ts';

let database: TestDatabase;
let superuser: postgres.Sql;
let web: Web;
let account: Account;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  account = await addAccount();
  web = await startWeb();
});

afterAll(async () => {
  process.emit('rapport:stop' as 'SIGTERM');
  await web.stop();
  await closeDatabase();
  await superuser.end();
  await database.drop();
});

const visit = (path: string, init: RequestInit = {}) =>
  fetch(web.origin + path, { redirect: 'manual', ...init });

const mutate = (path: string, input: unknown, headers: Record<string, string> = {}) =>
  visit(`/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(superjson.serialize(input))
  });

async function signIn({ email }: Account) {
  const response = await mutate('auth.login', { email, password: PASSWORD });
  const header = response.headers.get('set-cookie') ?? '';
  return { response, header, cookie: header.split(';')[0] ?? '' };
}

/** The status, read from a bare connection after the whole body has been written. */
function sendAllThenRead(body: Buffer): Promise<number> {
  const { port, host } = new URL(web.origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.pause();
      socket.write(
        `POST /api/trpc/auth.login HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
      );
      socket.write(body, () => socket.resume());
    });
    socket.on('data', (chunk) => {
      resolve(Number(chunk.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('over HTTP', () => {
  it('the anonymous are sent to the sign-in page and back', async () => {
    const response = await visit('/leads?status=new');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/login?next=%2Fleads%3Fstatus%3Dnew');
  });

  it('the cookie is kept from scripts and from other sites', async () => {
    const { response, header } = await signIn(account);
    expect(response.status).toBe(200);
    expect(header).toMatch(/^rapport_session=[a-z0-9]{40};/);
    expect(header).toContain('HttpOnly');
    expect(header).toContain('SameSite=Lax');
    expect(header).toContain('Path=/');
  });

  it('a session opens the procedures, and none gets 401', async () => {
    const { cookie } = await signIn(account);
    const me = await visit('/api/trpc/auth.me', { headers: { cookie } });
    expect(await me.json()).toMatchObject({ result: { data: { json: { email: account.email } } } });
    expect((await visit('/api/trpc/auth.me')).status).toBe(401);
  });

  it('a cookie that opens nothing is taken away', async () => {
    const response = await visit('/api/trpc/auth.me', { headers: { cookie: 'rapport_session=forged' } });
    expect(response.headers.get('set-cookie')).toMatch(/rapport_session=;.*Max-Age=0/i);
  });

  it('somebody with a one-time password can only choose another', async () => {
    const { cookie } = await signIn(await addAccount({ mustChange: true }));
    const response = await visit('/', { headers: { cookie } });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/me/password']);
  });

  it.each(['/healthz', '/readyz', '/api/trpc/auth.me', '/api/live'])(
    '%s carries the security headers',
    async (path) => {
      const { headers } = await visit(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  );

  it.each(['/api/trpc/auth.logout', '/logout', '/login'])(
    'a post to %s from another site is refused',
    async (path) => {
      const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
      const response = await visit(path, { method: 'POST', headers, body: '{}' });
      expect(response.status).toBe(403);
    }
  );

  it('signing out by form works, and the session is over', async () => {
    const { cookie } = await signIn(account);
    const response = await visit('/logout', {
      method: 'POST',
      headers: {
        cookie,
        origin: web.origin,
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded'
      },
      body: ''
    });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    expect((await visit('/api/trpc/auth.me', { headers: { cookie } })).status).toBe(401);
  });

  it('a body of 50 MB is refused, also to a client that sends all of it first', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.alloc(50_000_000, 32);
    expect((await visit('/api/trpc/auth.login', { method: 'POST', headers, body })).status).toBe(413);
    expect(await sendAllThenRead(body)).toBe(413);
    expect((await visit('/healthz')).status).toBe(200);
  });

  it('ten thousand calls in a batch are refused', async () => {
    const paths = Array(10_000).fill('auth.me').join(',');
    const response = await visit(`/api/trpc/${paths}?batch=1`, { method: 'POST', body: '{}' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((await visit('/healthz')).status).toBe(200);
  });

  it('what is missing is 404 and says no more', async () => {
    const { cookie } = await signIn(account);
    expect((await visit('/no/such/page', { headers: { cookie } })).status).toBe(404);
    const procedure = await visit('/api/trpc/no.such');
    expect(procedure.status).toBe(404);
  });

  it('readiness follows the migrations', async () => {
    const ready = await visit('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { database: true, migrations: true, queue: true, scheduler: 'on time' }
    ]);
    await superuser`create table taken as select * from drizzle.__drizzle_migrations order by id desc limit 1`;
    await superuser`delete from drizzle.__drizzle_migrations where id = (select id from taken)`;
    const behind = await visit('/readyz');
    expect([behind.status, await behind.json()]).toEqual([
      503,
      { database: true, migrations: false, queue: true, scheduler: 'on time' }
    ]);
    await superuser`insert into drizzle.__drizzle_migrations select * from taken`;
  });

  it('a scheduler that stopped is reported, and answered with 503 only to who asks for it', async () => {
    await superuser`insert into job_runs (schedule, due_at, state)
      values ('clocks.sweep', date_trunc('minute', now()) - interval '10 minutes', 'done')`;
    const ready = await visit('/readyz');
    const body = (await ready.json()) as { late: { kind: string; since: string }[] };
    expect([ready.status, body]).toMatchObject([200, { scheduler: 'late', late: [{ kind: 'tick' }] }]);
    expect(Date.now() - Date.parse(body.late[0]?.since ?? '')).toBeGreaterThan(8 * 60_000);
    expect((await visit('/readyz?scheduler')).status).toBe(503);
    await superuser`update job_runs set due_at = date_trunc('minute', now())`;
    expect((await visit('/readyz?scheduler')).status).toBe(200);
    await superuser`truncate job_runs`;
  });

  it('a database that is away is answered with 503, and the process lives', async () => {
    const { cookie } = await signIn(account);
    await superuser`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database.name} and pid <> pg_backend_pid()`;
    const statuses = await Promise.all(
      Array.from(
        { length: 5 },
        async () => (await visit('/api/trpc/auth.me', { headers: { cookie } })).status
      )
    );
    for (const status of statuses) expect([200, 503]).toContain(status);
    await expect
      .poll(async () => (await visit('/api/trpc/auth.me', { headers: { cookie } })).status)
      .toBe(200);
  });
});
