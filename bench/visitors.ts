import { randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import { FIRST_NAMES, LAST_NAMES } from './data/words.ts';
import { LEVELS, type LevelName, type Operation } from './operations.ts';

/** Somebody signed in, with what he asks for. */
export interface Visitor {
  userId: number;
  /** The id of his session, for the cookie. */
  session: string;
  /** Some clients he sees. */
  clientIds: number[];
  terms: string[];
}

const SEEN = 300;
const SESSIONS = 16;

const WHO: Record<LevelName, string> = {
  executive: 'rm_executive',
  head: 'head',
  administrator: 'administrator'
};

/** Sixteen sessions for each level, of as many people as there are: no connection shares another's session. */
export async function signInVisitors(sql: Sql): Promise<Record<LevelName, Visitor[]>> {
  await sql`truncate sessions`;
  const [executive, head, administrator] = await Promise.all(LEVELS.map((level) => visitorsOf(sql, level)));
  return { executive: executive ?? [], head: head ?? [], administrator: administrator ?? [] };
}

async function visitorsOf(sql: Sql, level: LevelName): Promise<Visitor[]> {
  const people = await sql<{ id: number }[]>`
    select u.id::int as id from users u join roles r on r.id = u.role_id join lateral (
      select true from teams t where t.id = u.main_team_id and t.function = 'rm' union all select true where r.level = 0) t on true
    where r.key = ${WHO[level]} order by u.id limit ${SESSIONS}`;
  const visitors: Visitor[] = [];
  for (let n = 0; n < SESSIONS; n++) {
    const userId = people[n % people.length]?.id ?? 0;
    const session = await signIn(sql, userId);
    visitors.push({ userId, session, clientIds: await clientsOf(sql, userId, n), terms: termsFor(n) });
  }
  return visitors;
}

async function signIn(sql: Sql, userId: number): Promise<string> {
  const id = randomBytes(25).toString('hex');
  await sql`insert into sessions (id, user_id, expires_at, absolute_expires_at)
    values (${sha256(id)}, ${userId}, now() + interval '12 hours', now() + interval '12 hours')`;
  return id;
}

async function clientsOf(sql: Sql, userId: number, n: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::int as id from clients where ((select app.level_of(${userId}) = 0)
      or primary_rm_id = any ((select app.visible_user_ids_of(${userId}))::bigint[])) and lifecycle = 'active' order by md5(id::text || ${n}::text) limit ${SEEN}`;
  return rows.map(({ id }) => id);
}

/** Names as people type them: beginnings, whole names, two words, and slips of the finger. */
function termsFor(n: number): string[] {
  return Array.from({ length: SEEN }, (_, i) => {
    const first = FIRST_NAMES[(i * 7 + n) % FIRST_NAMES.length] ?? '';
    const last = LAST_NAMES[(i * 11 + n) % LAST_NAMES.length] ?? '';
    return (
      [first, last, `${first} ${last}`, last.slice(0, 4), `${first.slice(0, 3)} ${last.slice(0, 3)}`][
        i % 5
      ] ?? last
    );
  });
}

/** Beginnings, slips of the finger, numbers and telephone numbers beside names. */
function anythingTyped({ clientIds, terms }: Visitor, n: number): string {
  const term = terms[n % terms.length] ?? '';
  const id = clientIds[n % clientIds.length] ?? 1;
  const typed = [
    term,
    term.slice(0, 1),
    term.slice(0, 3),
    slipped(term),
    `CL-${id}`,
    `70${String(id).padStart(8, '0')}`
  ];
  return typed[n % typed.length] ?? term;
}

/** Two letters have changed places. */
const slipped = (term: string) => term.replace(/^(..)(.)(.)/, '$1$3$2');

/** Products that clients hold, also of a small firm. */
const HELD = 200;

/** Beginnings of what schemes are called, as it is typed. */
const SCHEMES = [
  'nil',
  'nilgiri',
  'small cap',
  'nilgiri small',
  'liquid dir',
  'sayhadri',
  'tax saver',
  '100123'
];

/** The input of the visitor's n-th call; `unique` differs between all calls of a run. */
export function inputFor(
  { area, input }: Pick<Operation, 'area' | 'input'>,
  visitor: Visitor,
  n: number,
  unique: string
): unknown {
  const { clientIds, terms } = visitor;
  switch (area) {
    case 'search':
      return { q: terms[n % terms.length] };
    case 'everything':
      return { q: anythingTyped(visitor, n) };
    case 'holdings':
      return { productId: 1 + (n % HELD) };
    case 'catalogue':
      return { q: SCHEMES[n % SCHEMES.length] };
    case 'record':
      return { id: clientIds[n % clientIds.length] };
    case 'log':
      return {
        clientId: clientIds[n % clientIds.length],
        channel: 'call',
        direction: 'outbound',
        subject: `Benchmark ${unique}`
      };
    case 'create':
      return {
        kind: 'individual',
        name: `Benchmark ${unique}`,
        panExemptReason: 'A benchmark has none',
        email: `${unique}@bench.example`,
        city: 'Pune'
      };
    default:
      return input ?? {};
  }
}
