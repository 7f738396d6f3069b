import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import postgres from 'postgres';
import superjson from 'superjson';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { LOG_OPTIONS, log } from '#lib/platform/log.ts';
import { anyone, can, router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { answerTrpc, MOST_BYTES } from '#lib/platform/trpc/endpoint.server.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';
import { addAccount, PASSWORD, type Account } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';

const CANARY = 'canary-7f3a9b';
const BASE = 'http://rapport.test/api/trpc';

let calls = 0;
const noteId = z.strictObject({ id: z.number().int() });

/** Procedures that do what can go wrong. */
const probe = router({
  ping: anyone().query(() => ++calls),
  canary: can('leads.view')
    .input(z.strictObject({ text: z.string() }))
    .query(({ ctx, input }) => ctx.tx.execute(sql`select ${input.text}::int`)),
  thrown: signedIn().query(() => {
    throw new TypeError(`cannot read ${CANARY}`);
  }),
  hidden: signedIn().query(() => {
    throw new NotFound();
  }),
  stale: signedIn().mutation(() => {
    throw new Conflict('Changed', { current: { version: 3 } });
  }),
  addThenRefuse: can('leads.create')
    .input(noteId)
    .mutation(async ({ ctx, input }) => {
      await ctx.tx.execute(sql`insert into notes values (${input.id})`);
      throw new RuleViolation('Not today');
    }),
  add: can('leads.create')
    .input(noteId)
    .mutation(({ ctx, input }) => ctx.tx.execute(sql`insert into notes values (${input.id})`)),
  addInQuery: can('leads.create')
    .input(noteId)
    .query(({ ctx, input }) => ctx.tx.execute(sql`insert into notes values (${input.id})`)),
  orphan: can('leads.create').mutation(({ ctx }) => ctx.tx.execute(sql`insert into notes values (77, 99)`)),
  limited: can('leads.delete').query(() => 'never')
});

let database: TestDatabase;
let superuser: postgres.Sql;
let account: Account;
let visitor: Visitor;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser.unsafe(`create table notes (id int primary key, parent int references notes);
    grant select, insert on notes to rapport_scoped`);
  account = await addAccount({ grants: { 'leads.view': 'own', 'leads.create': 'own' } });
  visitor = new Visitor();
  await visitor.signIn(account.email, PASSWORD);
});

afterEach(() => vi.restoreAllMocks());

afterAll(async () => {
  await closeDatabase();
  await superuser.end();
  await database.drop();
});

const send = async (request: Request, by = visitor) => answerTrpc(request, await by.context(), probe);

const post = (path: string, input?: unknown, headers: Record<string, string> = {}) =>
  new Request(`${BASE}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(superjson.serialize(input))
  });

const get = (path: string, input?: unknown) =>
  new Request(`${BASE}/${path}?input=${encodeURIComponent(JSON.stringify(superjson.serialize(input)))}`);

interface ErrorBody {
  error: {
    json: {
      message: string;
      data: { code: string; details?: unknown; fieldErrors?: Record<string, string[]> };
    };
  };
}

async function errorOf(response: Response) {
  const { error } = (await response.json()) as ErrorBody;
  return { status: response.status, message: error.json.message, ...error.json.data };
}

const notes = async () => (await superuser<{ id: number }[]>`select id from notes`).map(({ id }) => id);

describe('every procedure', () => {
  it('of the app says what permission it wants', () => {
    for (const [path, procedure] of Object.entries(appRouter._def.procedures)) {
      const { meta } = (procedure as unknown as { _def: { meta?: { permission?: string } } })._def;
      expect(meta?.permission, path).toBeTypeOf('string');
    }
  });

  it('wants somebody signed in who holds its permission', async () => {
    expect(await errorOf(await send(get('limited'), new Visitor()))).toMatchObject({ status: 401 });
    expect(await errorOf(await send(get('limited')))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await errorOf(await send(get('thrown'), new Visitor()))).toMatchObject({ status: 401 });
  });

  it('is closed to the holder of a one-time password', async () => {
    const fresh = await addAccount({ mustChange: true, grants: { 'leads.view': 'own' } });
    const newcomer = new Visitor();
    await newcomer.signIn(fresh.email, PASSWORD);
    const answer = await errorOf(await send(get('canary', { text: '1' }), newcomer));
    expect(answer).toMatchObject({ status: 403, message: 'Please choose a new password first' });
  });

  it('undoes what it wrote when it refuses after all', async () => {
    expect(await errorOf(await send(post('addThenRefuse', { id: 1 })))).toMatchObject({
      status: 422,
      message: 'Not today'
    });
    expect(await notes()).not.toContain(1);
  });

  it('cannot write when it is a query', async () => {
    vi.spyOn(log, 'error').mockReturnValue();
    expect((await send(get('addInQuery', { id: 2 }))).status).toBe(500);
    expect(await notes()).not.toContain(2);
  });

  it('takes no unknown keys, and names the fields without their values', async () => {
    const answer = await errorOf(await send(post('add', { id: CANARY, [CANARY]: 1 })));
    expect(answer).toMatchObject({ status: 400, message: 'Please check what was entered' });
    expect(answer.fieldErrors).toHaveProperty('id');
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });
});

describe('errors', () => {
  it('of the domain keep their message and details', async () => {
    expect(await errorOf(await send(get('hidden')))).toMatchObject({ status: 404, message: 'Not found' });
    expect(await errorOf(await send(post('stale')))).toMatchObject({
      status: 409,
      details: { current: { version: 3 } }
    });
  });

  it('of foreign and unique keys do not tell what exists', async () => {
    await send(post('add', { id: 5 }));
    expect(await errorOf(await send(post('orphan')))).toMatchObject({ status: 404, message: 'Not found' });
    expect(await errorOf(await send(post('add', { id: 5 })))).toMatchObject({
      status: 409,
      message: 'Something with these values exists already'
    });
  });

  it.each([
    ['a statement that fails on its parameters', () => get('canary', { text: CANARY })],
    ['an error nobody foresaw', () => get('thrown')]
  ])('of %s show an id and neither message nor parameters', async (_, request) => {
    const logged: unknown[][] = [];
    vi.spyOn(log, 'error').mockImplementation((...entry: unknown[]) => void logged.push(entry));
    const response = await send(request());
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).not.toContain(CANARY);
    expect(body).not.toContain('at ');
    const id = /Something went wrong \(id ([0-9a-f-]{36})\)/.exec(body)?.[1];
    expect(logged).toEqual([[expect.objectContaining({ requestId: id }), 'procedure failed']]);
  });

  it('reach the log without the parameters', async () => {
    const lines: string[] = [];
    const memory = pino(LOG_OPTIONS, { write: (line: string) => void lines.push(line) });
    memory.level = 'error';
    vi.spyOn(log, 'error').mockImplementation((entry: unknown, text?: string) => memory.error(entry, text));
    await send(get('canary', { text: CANARY }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('22P02');
    expect(lines[0]).not.toContain(CANARY);
  });
});

describe('the endpoint', () => {
  const batch = (count: number, path = 'ping') =>
    new Request(`${BASE}/${Array(count).fill(path).join(',')}?batch=1&input=${encodeURIComponent('{}')}`);

  it('answers up to twenty calls in a batch and refuses more before any of them', async () => {
    calls = 0;
    expect((await send(batch(20))).status).toBe(200);
    expect(calls).toBe(20);
    expect(await errorOf(await send(batch(21)))).toMatchObject({
      status: 400,
      message: 'At most 20 calls in one request'
    });
    expect(await errorOf(await send(batch(900)))).toMatchObject({ status: 400 });
    expect((await send(batch(10_000, 'p'))).status).toBe(400);
    expect(calls).toBe(20);
  });

  it.each(['https://evil.example', 'null', 'http://rapport.test.evil.example', 'https://rapport.test'])(
    'refuses a mutation from %s',
    async (origin) => {
      expect(await errorOf(await send(post('add', { id: 40 }, { origin })))).toMatchObject({ status: 403 });
      expect(await notes()).not.toContain(40);
    }
  );

  it('refuses a mutation that a browser says is from another site', async () => {
    expect((await send(post('add', { id: 41 }, { 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
  });

  it('takes mutations from its own pages and from programs', async () => {
    expect((await send(post('add', { id: 42 }, { origin: 'http://rapport.test' }))).status).toBe(200);
    expect((await send(post('add', { id: 43 }))).status).toBe(200);
  });

  it('takes mutations by POST only', async () => {
    expect((await send(get('add', { id: 44 }))).status).toBe(405);
    expect((await send(new Request(`${BASE}/add`, { method: 'DELETE' }))).status).toBe(405);
    expect(await notes()).not.toContain(44);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses a body of type %s',
    async (type) => {
      expect((await send(post('add', { id: 45 }, { 'content-type': type }))).status).toBe(415);
    }
  );

  it.each([
    '{',
    `{"json": ${CANARY}`,
    '[]',
    '"x"',
    '{"json":{"id":"x"}}',
    '{"json":null,"meta":{"values":5}}'
  ])('answers 400 to the malformed body %s without repeating it', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await send(new Request(`${BASE}/add`, { method: 'POST', headers, body }));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(CANARY);
  });

  it('refuses a body over its limit by its announced length, before it has come', async () => {
    let read = 0;
    const headers = { 'content-length': '50000000' };
    const response = await send(
      upload(
        endless(() => (read += 65_536)),
        headers
      )
    );
    expect(response.status).toBe(413);
    expect(read).toBeLessThan(MOST_BYTES);
  });

  it('stops keeping a body of unknown length at its limit, and cuts one without end', async () => {
    let read = 0;
    let cut = false;
    const body = endless(
      () => (read += 65_536),
      () => (cut = true)
    );
    expect((await send(upload(body))).status).toBe(413);
    await expect.poll(() => cut).toBe(true);
    expect(read).toBeLessThan(110_000_000);
  });

  it('counts every call of a batch against the rate', async () => {
    const hasty = { ...(await new Visitor().context()), rateKey: 'hasty' };
    const statuses: number[] = [];
    for (let n = 0; n < 16; n++) statuses.push((await answerTrpc(batch(20), hasty, probe)).status);
    expect(statuses.slice(0, 15)).toEqual(Array(15).fill(200));
    expect([207, 429]).toContain(statuses[15]);
  });
});

function upload(body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}): Request {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half'
  };
  return new Request(`${BASE}/add`, init);
}

function endless(onPull: () => void, onCancel?: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      onPull();
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
    cancel: onCancel
  });
}
