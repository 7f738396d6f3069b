import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRPCError } from '@trpc/server';
import { users } from '#lib/people/schema.server.ts';
import { startSession, validateSession } from '#lib/platform/auth/sessions.server.ts';
import { PERMISSIONS, type Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { createCaller } from '#lib/platform/trpc/caller.server.ts';
import { errorDetails } from '#lib/platform/trpc/errors.server.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { EXPECTATIONS, type Expectation } from './expectations.ts';
import { ACTORS, actorNamed, mint, MISSING, RELATIONS, type ActorName, type Relation } from './world.ts';

interface Procedure {
  _def: { meta?: { permission?: string }; inputs: unknown[] };
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>);
const paths = procedures.map(([path]) => path);

let database: TestDatabase;
let firm: TestFirm;
let deactivated: Actor | null;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  deactivated = await whoDeactivatedIs();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** Signs in, is deactivated, and comes back with the same cookie. */
async function whoDeactivatedIs(): Promise<Actor | null> {
  const active = (value: boolean) =>
    asSystem((tx) => tx.update(users).set({ active: value }).where(eq(users.id, firm.goneId)));
  await active(true);
  const { id } = await startSession(firm.goneId, { address: '127.0.0.1', userAgent: null });
  expect((await validateSession(id))?.actor.userId).toBe(firm.goneId);
  await active(false);
  return (await validateSession(id))?.actor ?? null;
}

function call(actor: Actor | null, path: string, input: unknown): Promise<unknown> {
  const session = { id: '', hash: 'f'.repeat(64), expiresAt: new Date(8.64e15), mustChangePassword: false };
  const api: unknown = createCaller({
    actor,
    session: actor && session,
    requestId: 'matrix',
    address: '127.0.0.1',
    userAgent: null,
    cookie: { set: () => undefined, clear: () => undefined },
    rateKey: null
  });
  const procedure = path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api);
  return (procedure as (input: unknown) => Promise<unknown>)(input);
}

const LETTERS: Record<string, string> = {
  NOT_FOUND: 'n',
  FORBIDDEN: 'f',
  UNPROCESSABLE_CONTENT: 'r',
  UNAUTHORIZED: 'u'
};

interface Answer {
  letter: string;
  /** What the caller gets, byte for byte. */
  body: string;
}

async function answerTo(actor: Actor | null, path: string, input: unknown): Promise<Answer> {
  try {
    return { letter: 'o', body: JSON.stringify(await call(actor, path, input)) };
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    const { code, message } = error;
    return {
      letter: LETTERS[code] ?? `${code}: ${message}`,
      body: JSON.stringify({ code, message, ...errorDetails(error) })
    };
  }
}

async function cell(path: string, expected: Expectation, name: ActorName, relation: Relation) {
  const target = await mint(firm, expected.kind, name, relation, expected.state);
  return answerTo(actorNamed(firm, name), path, expected.input(target, firm));
}

describe('every procedure', () => {
  it('carries a permission of the vocabulary', () => {
    const known = new Set<string>([...PERMISSIONS, 'anyone', 'signedIn']);
    expect(
      procedures.filter(([, { _def }]) => !known.has(_def.meta?.permission ?? '')).map(([path]) => path)
    ).toEqual([]);
  });

  it('has its expectations declared, and no expectation is left over', () => {
    expect([...paths].sort()).toEqual(Object.keys(EXPECTATIONS).sort());
  });

  it('is tried in all its cells', () => {
    const cells = Object.values(EXPECTATIONS).flatMap(({ cells }) => Object.values(cells).join(''));
    expect(cells.join('').length).toBeGreaterThan(500);
  });
});

describe.each(Object.entries(EXPECTATIONS))('%s', (path, expected) => {
  const relations = expected.kind === 'none' ? (['missing'] as const) : RELATIONS;

  it.each(ACTORS)('answers the %s as declared, hidden and missing alike', async (name) => {
    const answers: Answer[] = [];
    for (const relation of relations) answers.push(await cell(path, expected, name, relation));
    expect(answers.map(({ letter }) => letter).join('')).toBe(expected.cells[name]);

    const missing = answers.at(-1);
    const hidden = answers.slice(0, -1).filter(({ letter }) => letter === 'n');
    for (const answer of hidden) expect(answer.body).toBe(missing?.body);
    // A list of what belongs to something hidden is as empty as that of something missing.
    if (expected.cells[name] === 'oooo' && name !== 'administrator')
      expect(answers[2]?.body).toBe(missing?.body);
  });

  it('lets nobody in who is not signed in or was deactivated', async () => {
    const input = expected.input(MISSING, firm);
    const anonymous = expected.anonymous ?? 'u';
    expect((await answerTo(null, path, input)).letter).toBe(anonymous);
    expect(deactivated).toBeNull();
    expect((await answerTo(deactivated, path, input)).letter).toBe(anonymous);
  });

  it('refuses a field it does not know', async () => {
    const procedure = procedures.find(([each]) => each === path)?.[1];
    const input = expected.input(MISSING, firm);
    if (procedure?._def.inputs.length === 0) {
      expect(input).toBeUndefined();
      return;
    }
    const answer = call(firm.admin, path, { ...(input as object), surprise: 1 });
    await expect(answer).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
