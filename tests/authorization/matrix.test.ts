import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userCapabilities } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { PERMISSIONS, type Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { answerTo, call, procedures, whoDeactivatedIs, type Answer } from './answers.ts';
import { EXPECTATIONS, type Expectation } from './expectations.ts';
import { ACTORS, actorNamed, mint, MISSING, RELATIONS, type ActorName, type Relation } from './world.ts';

const CAPABILITIES = ['assessment'] as const;

const paths = procedures.map(([path]) => path);

let database: TestDatabase;
let firm: TestFirm;
let capable: Record<ActorName, Actor>;
let deactivated: Actor | null;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  capable = await withCapabilities();
  deactivated = await whoDeactivatedIs(firm.goneId);
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** The same people once they hold every capability, which `firm` does not know of. */
async function withCapabilities(): Promise<Record<ActorName, Actor>> {
  const rows = ACTORS.flatMap((name) =>
    CAPABILITIES.map((capability) => ({ userId: actorNamed(firm, name).userId, capability }))
  );
  await asSystem((tx) => tx.insert(userCapabilities).values(rows));
  const actors: [ActorName, Actor][] = [];
  for (const name of ACTORS) actors.push([name, await actorOf(actorNamed(firm, name).userId)]);
  return Object.fromEntries(actors) as Record<ActorName, Actor>;
}

const relationsOf = ({ kind }: Expectation): readonly Relation[] =>
  kind === 'none' ? ['missing'] : RELATIONS;

async function row(path: string, expected: Expectation, name: ActorName, actor: Actor): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const relation of relationsOf(expected)) {
    const target = await mint(firm, expected.kind, name, relation, expected.state);
    answers.push(await answerTo(actor, path, expected.input(target, firm)));
  }
  return answers;
}

const letters = (answers: Answer[]) => answers.map(({ letter }) => letter).join('');

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
    const cells = Object.values(EXPECTATIONS).map(
      (expected) => ACTORS.length * 2 * relationsOf(expected).length + 2
    );
    const total = cells.reduce((sum, one) => sum + one, 0);
    process.stdout.write(`matrix: ${paths.length} procedures, ${total} cells\n`);
    expect(total).toBeGreaterThan(1500);
  });
});

describe.each(Object.entries(EXPECTATIONS))('%s', (path, expected) => {
  it.each(ACTORS)('answers the %s as declared, hidden and missing alike', async (name) => {
    const answers = await row(path, expected, name, actorNamed(firm, name));
    expect(letters(answers)).toBe(expected.cells[name]);

    const missing = answers.at(-1);
    const hidden = answers.slice(0, -1).filter(({ letter }) => letter === 'n');
    for (const answer of hidden) expect(answer.body).toBe(missing?.body);
    // A list of what belongs to something hidden is as empty as that of something missing.
    if (expected.cells[name] === 'oooo' && name !== 'administrator')
      expect(answers[2]?.body).toBe(missing?.body);
  });

  it.each(ACTORS)('answers the %s with every capability the same', async (name) => {
    const answers = await row(path, expected, name, capable[name]);
    expect(letters(answers)).toBe((expected.capable ?? expected.cells)[name]);
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
