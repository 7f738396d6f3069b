import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSystem, closeDatabase, type Tx } from '#lib/platform/db/transactions.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';
import { randomFrom } from '../support/random.ts';

const SEED = Number(process.env.RAPPORT_SEED_NUMBER ?? 20261121);
const LEADS = process.env.RAPPORT_DRILL === 'full' ? 400 : 60;
const DAY = 86_400_000;

/** Everything a report says of a lead, as it was from a moment on. */
interface State {
  from: number;
  status: string;
  rm: number | null;
  team: number | null;
  product: number | null;
  mode: string | null;
  reason: string | null;
  value: string | null;
  currency: string;
  since: number;
}

interface History {
  id: number;
  createdAt: number;
  states: State[];
  goneAt: number | null;
}

let database: TestDatabase;
let firm: TestFirm;
let clientId: number;
let superuser: (text: string) => Promise<unknown>;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  clientId = await mintClient({});
  const { default: postgres } = await import('postgres');
  const connection = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  superuser = (text) => connection.unsafe(text);
  closing = () => connection.end();
});

let closing: () => Promise<void>;

afterAll(async () => {
  await closing();
  await closeDatabase();
  await database.drop();
});

const { pick, chance, next } = randomFrom(SEED);

/** The day of a moment in Kolkata, and the moment such a day begins. */
const dayOf = (moment: number) => new Date(moment + 5.5 * 3_600_000).toISOString().slice(0, 10);
const beginOf = (day: string) => new Date(`${day}T00:00:00+05:30`).getTime();
const daysBetween = (from: string, to: string) => Math.round((beginOf(to) - beginOf(from)) / DAY);

const FIRST = beginOf('2026-03-01');
const DAYS = 12;

function firstState(at: number): State {
  const people = [firm.rm.userId, firm.rm2.userId, firm.otherRm.userId, null];
  return {
    from: at,
    status: 'new',
    rm: pick(people),
    team: pick([firm.teams.rm, firm.teams.other, null]),
    product: pick([firm.productId, null]),
    mode: pick(['call', 'mail', null]),
    reason: null,
    value: pick([null, '1000.00', '2500.50']),
    currency: pick(['INR', 'INR', 'USD']),
    since: at
  };
}

/** What a command would change: its status with the time, its RM, or a fact. */
function nextState(state: State, at: number): State {
  if (chance(0.5)) {
    const status = pick(['wip', 'converted', 'denied'].filter((one) => one !== state.status));
    return {
      ...state,
      from: at,
      status,
      since: at,
      reason: status === 'denied' ? pick(['budget', 'no_response']) : state.reason
    };
  }
  const { rm, team, product, mode, value, currency } = firstState(at);
  return { ...state, from: at, ...pick([{ rm }, { team }, { product }, { mode }, { value }, { currency }]) };
}

function randomHistory(): Omit<History, 'id'> {
  const createdAt = FIRST + Math.floor(next() * (DAYS - 2) * DAY);
  const states = [firstState(createdAt)];
  let at = createdAt;
  while (chance(0.75)) {
    at += Math.floor(next() * 3 * DAY) + 1000;
    if (at > FIRST + DAYS * DAY) break;
    const last = states.at(-1)!;
    const state = nextState(last, at);
    // A change to what it was already leaves no trace.
    if (JSON.stringify({ ...state, from: last.from }) !== JSON.stringify(last)) states.push(state);
  }
  const goneAt = chance(0.1) ? at + Math.floor(next() * 2 * DAY) + 1000 : null;
  return { createdAt, states, goneAt };
}

const time = (moment: number) => sql`${new Date(moment).toISOString()}::timestamptz`;

const columnsOf = (
  state: State
) => sql`status = ${state.status}, conversion_rm_id = ${state.rm}::bigint, team_id = ${state.team}::bigint,
  product_id = ${state.product}::bigint, mode = ${state.mode}, denial_reason = ${state.reason}, expected_value = ${state.value}::numeric,
  currency = ${state.currency}, status_changed_at = ${time(state.since)}, client_id = ${state.status === 'converted' ? clientId : null}::bigint,
  converted_at = ${state.status === 'converted' ? time(state.since) : null}, denied_at = ${state.status === 'denied' ? time(state.since) : null}`;

/** Lives the history; the audit trail is written by the database, and then told when each change was. */
async function live(tx: Tx, history: Omit<History, 'id'>): Promise<History> {
  const [row] = await tx.execute<{ id: number }>(
    sql`insert into leads (name, created_at) values ('L', ${time(history.createdAt)}) returning id::int as id`
  );
  const id = row!.id;
  for (const state of history.states)
    await tx.execute(sql`update leads set ${columnsOf(state)} where id = ${id}`);
  if (history.goneAt !== null) await tx.execute(sql`delete from leads where id = ${id}`);
  return { ...history, id };
}

/** The trail as if each change had been made when the history says. */
async function backdate({ id, createdAt, states, goneAt }: History): Promise<void> {
  const moments = [createdAt, ...states.map(({ from }) => from), ...(goneAt === null ? [] : [goneAt])];
  const values = moments.map(
    (moment, place) => `(${place + 1}, '${new Date(moment).toISOString()}'::timestamptz)`
  );
  await superuser(`update audit_log a set at = m.at
    from (select id, row_number() over (order by id) as place from audit_log where table_name = 'leads' and row_id = ${id}) o
    join (values ${values.join(', ')}) m(place, at) on m.place = o.place where a.id = o.id`);
}

type Row = Record<string, string | number | null>;

/** The report of a day, counted lead by lead with plain loops. */
function expected(histories: History[], day: string): Row[] {
  const end = beginOf(day) + DAY;
  const rows = new Map<string, Row>();
  for (const { createdAt, states, goneAt } of histories) {
    if (createdAt >= end || (goneAt !== null && goneAt < end)) continue;
    const state = states.findLast(({ from }) => from < end)!;
    const mainTeam = new Map([
      [firm.rm.userId, firm.teams.rm],
      [firm.rm2.userId, firm.teams.rm],
      [firm.otherRm.userId, firm.teams.other]
    ]);
    const team = (state.rm === null ? undefined : mainTeam.get(state.rm)) ?? state.team;
    const reason = state.status === 'denied' ? state.reason : null;
    const key = [team, state.rm, state.product, state.mode, state.status, reason].join();
    const row = rows.get(key) ?? { key, ...NOTHING };
    const value = state.currency === 'INR' ? Number(state.value ?? 0) : 0;
    const today = dayOf(state.since) === day;
    const won = state.status === 'converted' && today;
    const stood = daysBetween(dayOf(state.since), day);
    const add = (name: keyof typeof NOTHING, amount: number | boolean) => {
      row[name] = Number(row[name]) + Number(amount);
    };
    add('leads', 1);
    add('value', value);
    add('created', dayOf(createdAt) === day);
    add('moved', today && state.since > createdAt);
    add('converted', won);
    add('denied', state.status === 'denied' && today);
    add('won', won ? value : 0);
    add('days', stood);
    add('to_convert', won ? daysBetween(dayOf(createdAt), day) : 0);
    add('week', stood <= 7);
    add('month', stood > 7 && stood <= 30);
    rows.set(key, row);
  }
  return [...rows.values()].toSorted((a, b) => String(a.key).localeCompare(String(b.key)));
}

const NOTHING = {
  ...{ leads: 0, value: 0, created: 0, moved: 0, converted: 0, denied: 0, won: 0, days: 0, to_convert: 0 },
  ...{ week: 0, month: 0 }
};

async function written(day: string): Promise<Row[]> {
  const rows = await asSystem((tx) =>
    tx.execute<Row>(sql`
      select concat_ws(',', coalesce(team_id::text, ''), coalesce(rm_id::text, ''), coalesce(product_id::text, ''), coalesce(source, ''),
          status, coalesce(denial_reason, '')) as key, leads, value::float8 as value, created, moved, converted, denied,
        won_value::float8 as won, days_in_status as days, days_to_convert as to_convert, up_to_week as week, up_to_month as month
      from pipeline_snapshots where on_date = ${day}`)
  );
  return [...rows].toSorted((a, b) => String(a.key).localeCompare(String(b.key)));
}

test(
  'nightly reports of random pasts say what plain counting says, each for its own date',
  { timeout: 120_000 },
  async () => {
    const histories = await asSystem(async (tx) => {
      const lived: History[] = [];
      for (let n = 0; n < LEADS; n++) lived.push(await live(tx, randomHistory()));
      return lived;
    });
    for (const history of histories) await backdate(history);
    const days = Array.from({ length: DAYS }, (_, n) => dayOf(FIRST + n * DAY + DAY / 2));

    // After days of downtime the missed nights come in any order, and one of them twice at once.
    for (const day of days.toReversed())
      await Promise.all(
        [day, ...(chance(0.3) ? [day] : [])].map((one) => asSystem((tx) => snapshotPipeline(tx, one)))
      );

    for (const day of days) expect(await written(day), day).toEqual(expected(histories, day));
  }
);
