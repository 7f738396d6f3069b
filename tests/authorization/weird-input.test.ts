import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { answerTo, procedures } from './answers.ts';
import { EXPECTATIONS } from './expectations.ts';
import { inputOf, leavesOf, objectsOf, withAt, type Schema } from './inputs.ts';
import { READS } from './reads.ts';
import { actorNamed, mint, MISSING, type ActorName } from './world.ts';

/** What people, programs and attackers send where a text is asked for. */
const TEXTS = [
  '',
  ' ',
  'x'.repeat(10_001),
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '👩‍👩‍👧‍👦 نورة بنت أحمد \u202Eevil',
  'nul \u0000 byte',
  'half \uD83D pair',
  "'; drop table clients; --",
  '%_\\%',
  '2026-02-31',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '0000-00-00',
  '+999999-01-01',
  '2026-13-45T99:99:99Z',
  '12abc',
  '1e400',
  '-0',
  '99999999999999999999999999999.99',
  '{"a":1}',
  '/clients/1'
];

const NUMBERS = [0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY];
const DATES = [new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15), new Date('0001-01-01T00:00:00Z')];
const OTHERS = [null, true, [], {}, 'x', 1];

const valuesFor = (type: string): unknown[] =>
  ({ string: TEXTS, number: NUMBERS, date: DATES })[type] ?? OTHERS;

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** Somebody who may do it, so that the input is what is looked at. */
const whoMay = (path: string): ActorName =>
  (['executive', 'head', 'ops', 'administrator'] as const).find((name) =>
    /^[or]/.test(EXPECTATIONS[path]?.cells[name] ?? '')
  ) ?? 'administrator';

/** The usual input in every shape it may have, and whatever else a query is tried with: each asks for something else. */
function shapesOf(path: string, schema: Schema, usual: unknown): unknown[] {
  const shapes = objectsOf(schema).map(({ choices }) =>
    choices.reduce((input, choice) => withAt(input, choice.path, choice.value), usual)
  );
  const trial = READS[path];
  const all = [usual, ...shapes, ...(trial?.by === 'inputs' ? trial.inputs : [])];
  return [...new Map(all.map((input) => [JSON.stringify(input), input])).values()];
}

describe('what nobody should send', () => {
  it.each(procedures)('to %s gets a clear answer', async (path, procedure) => {
    const expected = EXPECTATIONS[path];
    const schema = inputOf(procedure);
    if (!expected || !schema) return expect(expected).toBeDefined();
    const name = whoMay(path);
    const failures: string[] = [];
    for (const leaf of leavesOf(schema)) {
      const target = await mint(firm, expected.kind, name, 'own', expected.state);
      const input = expected.input(expected.kind === 'none' ? MISSING : target, firm);
      for (const shape of shapesOf(path, schema, input))
        for (const value of valuesFor(leaf.type)) {
          const { letter } = await answerTo(actorNamed(firm, name), path, withAt(shape, leaf.path, value));
          if (letter.startsWith('INTERNAL'))
            failures.push(
              `${leaf.path.join('.')} = ${String(value).slice(0, 40)} of ${JSON.stringify(shape)}`
            );
        }
    }
    expect(failures).toEqual([]);
  });
});
