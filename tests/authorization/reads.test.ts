import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { may, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { answerTo, call, procedures } from './answers.ts';
import { KINDS, readWorld, visibleTo, type RecordKind, type World } from './oracle.ts';
import { randomPeople, randomRecords } from './random-firm.ts';
import { READS, type Trial } from './reads.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261122);

/** The column of each kind that names a record to people, and the letters its records are named with here. */
const NAMED: Record<RecordKind, { column: string; letters: string }> = {
  clients: { column: 'name', letters: 'cl' },
  leads: { column: 'name', letters: 'ld' },
  queries: { column: 'subject', letters: 'qr' },
  service_requests: { column: 'details', letters: 'sr' },
  interactions: { column: 'subject', letters: 'it' },
  holdings: { column: 'product_name', letters: 'hd' }
};

/** Names of fields that hold the id of a record, or the record itself. */
const FIELDS: Record<string, RecordKind> = {
  client: 'clients',
  givenByClient: 'clients',
  lead: 'leads',
  query: 'queries',
  request: 'service_requests',
  interaction: 'interactions',
  originInteraction: 'interactions',
  holding: 'holdings'
};

interface Person {
  actor: Actor;
  sees: Record<RecordKind, Set<number>>;
  /** Clients he may know by name: his own, and those of the work he sees. */
  knows: Set<number>;
}

let database: TestDatabase;
let superuser: Sql;
let world: World;
let people: Person[];

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  const random = randomFrom(SEED);
  await asSystem(async (tx) => randomRecords(tx, random, await randomPeople(tx, random)));
  for (const [kind, { column, letters }] of Object.entries(NAMED))
    await superuser.unsafe(`update ${kind} set ${column} = '${letters}' || id || 'x'`);
  world = await readWorld(superuser);
  const active = world.users.filter((user) => user.active);
  people = await Promise.all(
    active.map(async (user) => personOf(await actorOf(user.id), visibleTo(user, world)))
  );
});

afterAll(async () => {
  await superuser.end();
  await closeDatabase();
  await database.drop();
});

function personOf(actor: Actor, visible: Record<RecordKind, number[]>): Person {
  const sees = Object.fromEntries(KINDS.map((kind) => [kind, new Set(visible[kind])])) as Person['sees'];
  const throughWork = (['queries', 'service_requests'] as const).flatMap((kind) =>
    world.records[kind].filter(({ id }) => sees[kind].has(Number(id))).map((row) => Number(row.client_id))
  );
  return { actor, sees, knows: new Set([...sees.clients, ...throughWork]) };
}

/** What in an answer is of a record that the person does not see. */
function leaks(answer: unknown, { sees, knows }: Person): string[] {
  const found: string[] = [];
  const check = (kind: RecordKind, id: unknown, what: string) => {
    if (typeof id === 'number' && !sees[kind].has(id)) found.push(what);
  };
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') {
      for (const [word, letters, id] of value.matchAll(/\b(cl|ld|qr|sr|it|hd)(\d+)x\b/g)) {
        const kind = KINDS.find((each) => NAMED[each].letters === letters) ?? 'clients';
        const allowed = kind === 'clients' ? knows : sees[kind];
        if (!allowed.has(Number(id))) found.push(`${path}: ${word}`);
      }
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const kind = FIELDS[key.replace(/Id$/, '')];
      const id: unknown = key.endsWith('Id') ? child : (child as { id?: unknown } | null)?.id;
      if (kind) check(kind, id, `${path}.${key}: ${kind} ${String(id)}`);
      walk(child, `${path}.${key}`);
    }
  };
  walk(answer, '');
  return found;
}

const permissionOf = (path: string) =>
  procedures.find(([each]) => each === path)?.[1]._def.meta?.permission ?? '';
const mayCall = (actor: Actor, path: string) =>
  permissionOf(path) === 'signedIn' || may(actor, permissionOf(path) as Permission);

interface Page {
  items: { id: number }[];
  nextCursor: string | null;
  total: number;
}

async function tryPages(path: string, { kind, input }: Trial & { by: 'pages' }, person: Person) {
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page = (await call(person.actor, path, { ...input, cursor, limit: 20 })) as Page;
    expect(leaks(page, person)).toEqual([]);
    ids.push(...page.items.map(({ id }) => id));
    expect(page.total).toBe(person.sees[kind].size);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(ids.sort((a, b) => a - b)).toEqual([...person.sees[kind]].sort((a, b) => a - b));
}

async function tryRecords(path: string, { kind, input }: Trial & { by: 'record' }, person: Person) {
  for (const { id } of world.records[kind].slice(0, 25)) {
    const answer = await answerTo(person.actor, path, input(Number(id)));
    if (person.sees[kind].has(Number(id))) {
      expect(answer.letter, `${id}`).toMatch(/^[of]$/);
      if (answer.letter === 'o') expect(leaks(JSON.parse(answer.body), person)).toEqual([]);
    } else {
      const missing = await answerTo(person.actor, path, input(999_999_999));
      expect(answer, `${id}`).toEqual(missing);
    }
  }
}

interface Board {
  columns: { status: string; count: number }[];
  items: { id: number }[];
}

async function tryBoard(path: string, { kind }: Trial & { by: 'board' }, person: Person) {
  const board = (await call(person.actor, path, {})) as Board;
  expect(leaks(board, person)).toEqual([]);
  expect(board.items.filter(({ id }) => !person.sees[kind].has(id))).toEqual([]);
  for (const { status, count } of board.columns) {
    const rows = world.records[kind].filter(
      (row) => row.status === status && person.sees[kind].has(Number(row.id))
    );
    expect(count, status).toBe(rows.length);
  }
}

async function tryPersons(path: string, { input }: Trial & { by: 'person' }, person: Person) {
  for (const { id } of world.users) {
    const { letter, body } = await answerTo(person.actor, path, input(id));
    expect(letter, body).toMatch(/^[onfr]$/);
    expect(leaks(JSON.parse(body), person)).toEqual([]);
  }
}

async function tryInputs(path: string, { inputs }: Trial & { by: 'inputs' }, person: Person) {
  for (const input of inputs) {
    const answer = await answerTo(person.actor, path, input);
    expect(answer.letter, answer.body).toBe('o');
    expect(leaks(JSON.parse(answer.body), person)).toEqual([]);
  }
}

describe('every query', () => {
  it('says how it is compared with what a person sees', () => {
    const queries = procedures.filter(([, { _def }]) => _def.type === 'query').map(([path]) => path);
    expect(Object.keys(READS).sort()).toEqual(queries.sort());
  });

  it('is tried by people who see different things', () => {
    expect(new Set(people.map(({ sees }) => JSON.stringify([...sees.clients].sort()))).size).toBeGreaterThan(
      6
    );
  });

  it.each(Object.entries(READS).filter(([, trial]) => trial.by !== 'nothing'))(
    '%s answers each person with what he sees and nothing more',
    async (path, trial) => {
      const callers = people.filter(({ actor }) => mayCall(actor, path));
      expect(callers.length).toBeGreaterThan(0);
      for (const person of callers) {
        if (trial.by === 'pages') await tryPages(path, trial, person);
        if (trial.by === 'board') await tryBoard(path, trial, person);
        if (trial.by === 'person') await tryPersons(path, trial, person);
        if (trial.by === 'record') await tryRecords(path, trial, person);
        if (trial.by === 'inputs') await tryInputs(path, trial, person);
      }
    }
  );
});
