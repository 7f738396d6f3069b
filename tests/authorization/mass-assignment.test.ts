import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { call, procedures } from './answers.ts';
import { EXPECTATIONS } from './expectations.ts';
import { inputOf, leavesOf, objectsOf, withAt, type Named, type Schema } from './inputs.ts';
import { MISSING } from './world.ts';

const schemas = import.meta.glob<Record<string, unknown>>('../../src/lib/**/*schema.server.ts', {
  eager: true
});

/** Every column of every table, as the code and as the database names it. */
const columns = [
  ...new Set(
    Object.values(schemas)
      .flatMap((module) => Object.values(module))
      .filter((value): value is PgTable => is(value, PgTable))
      .flatMap((table) => getTableConfig(table).columns.map(({ name }) => name))
      .flatMap((name) => [name, name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())])
      .flatMap((name) => [name, name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])
  )
].sort();

/** What the system alone writes: no mutation may take it under any name. */
const DERIVED = [
  ...['createdAt', 'updatedAt', 'createdById', 'loggedById', 'convertedAt', 'deniedAt', 'assignedAt'],
  'statusChangedAt',
  ...['lastContactAt', 'lastContactChannel', 'lastContactById', 'lastContactSummary', 'number', 'sortName'],
  ...['contactWarningDays', 'contactUrgentDays', 'contactWarningFrom', 'contactUrgentFrom'],
  ...[
    'panCipher',
    'panIndex',
    'panLast4',
    'panRef',
    'panKeyVersion',
    'passwordHash',
    'tokenHash',
    'emailKey'
  ],
  ...['phoneKey', 'nameKey', 'valueKey', 'breachedAt', 'satisfiedAt', 'dueAt', 'warnAt', 'principal', 'demo'],
  ...['heldUntil', 'nextActionAt', 'minutesUsed', 'minutesOver', 'minutesTarget', 'minutesOurs']
];

const mutations = procedures.filter(([, { _def }]) => _def.type === 'mutation');

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

/** Whether the input is refused for holding a field of this name, and not for something else. */
function namesAsUnknown(schema: Schema, input: unknown, column: string): boolean {
  const issues = JSON.stringify(schema.safeParse(input).error?.issues ?? []);
  return new RegExp(`"unrecognized_keys","keys":\\["${column}"\\]`).test(issues);
}

/** The names this object takes although it should not. */
function taken(schema: Schema, input: unknown, { path, fields, choices }: Named): string[] {
  const meant = choices.reduce((all, choice) => withAt(all, choice.path, choice.value), input);
  return columns
    .filter((column) => !fields.includes(column))
    .filter((column) => !namesAsUnknown(schema, withAt(meant, [...path, column], 'x'), column));
}

describe('mass assignment', () => {
  it('knows the columns of all tables', () => {
    expect(columns.length).toBeGreaterThan(300);
    expect(columns).toEqual(expect.arrayContaining(['primaryRmId', 'primary_rm_id', 'panCipher', 'level']));
  });

  it.each(mutations)('%s takes no column it does not name', async (path, procedure) => {
    const schema = inputOf(procedure);
    const input = EXPECTATIONS[path]?.input(MISSING, firm);
    if (!schema) return expect(input).toBeUndefined();
    for (const object of objectsOf(schema))
      expect(taken(schema, input, object), object.path.join('.')).toEqual([]);

    const named = new Set(objectsOf(schema).flatMap(({ path: at, fields }) => (at.length ? [] : fields)));
    const others = columns.filter((column) => !named.has(column));
    const everything = { ...Object.fromEntries(others.map((column) => [column, 'x'])), ...(input as object) };
    await expect(call(firm.admin, path, everything)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it.each(mutations)('%s takes nothing that is derived', (_path, procedure) => {
    const schema = inputOf(procedure);
    const names = schema ? leavesOf(schema).map(({ path }) => path.at(-1) ?? '') : [];
    expect(names.filter((name) => DERIVED.includes(name))).toEqual([]);
  });
});
