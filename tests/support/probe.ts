import { sql } from 'drizzle-orm';
import superjson from 'superjson';
import { afterEach, beforeAll, vi } from 'vitest';
import { z } from 'zod';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { anyone, can, router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { answerTrpc } from '#lib/platform/trpc/endpoint.server.ts';
import { addAccount, PASSWORD } from './accounts.ts';
import { Visitor } from './calls.ts';
import { superuser, useOwnDatabase } from './test-firm.ts';

/** Is in no answer and no log. */
export const CANARY = 'canary-7f3a9b';
export const BASE = 'http://rapport.test/api/trpc';

/** How often `ping` was called. */
export let calls = 0;
const noteId = z.strictObject({ id: z.number().int() });

/** Procedures that do what can go wrong. */
export const probe = router({
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

let visitor: Visitor;

/** For the top of a file: a database with a table of notes, and somebody signed in who may read and add. */
export function useProbe(): void {
  useOwnDatabase();
  beforeAll(async () => {
    await superuser.unsafe(`create table notes (id int primary key, parent int references notes);
      grant select, insert on notes to rapport_scoped`);
    const account = await addAccount({ grants: { 'leads.view': 'own', 'leads.create': 'own' } });
    visitor = new Visitor();
    await visitor.signIn(account.email, PASSWORD);
  });

  afterEach(() => vi.restoreAllMocks());
}

/** What the endpoint answers to a request of whoever is signed in. */
export const send = async (request: Request, by = visitor) => answerTrpc(request, await by.context(), probe);

/** A mutation as the client sends it. */
export const post = (path: string, input?: unknown, headers: Record<string, string> = {}) =>
  new Request(`${BASE}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(superjson.serialize(input))
  });

/** A query as the client sends it. */
export const get = (path: string, input?: unknown) =>
  new Request(`${BASE}/${path}?input=${encodeURIComponent(JSON.stringify(superjson.serialize(input)))}`);

interface ErrorBody {
  error: {
    json: {
      message: string;
      data: { code: string; details?: unknown; fieldErrors?: Record<string, string[]> };
    };
  };
}

/** What somebody is told when it failed. */
export async function errorOf(response: Response) {
  const { error } = (await response.json()) as ErrorBody;
  return { status: response.status, message: error.json.message, ...error.json.data };
}

/** The ids of all that was written. */
export const notes = async () =>
  (await superuser<{ id: number }[]>`select id from notes`).map(({ id }) => id);
