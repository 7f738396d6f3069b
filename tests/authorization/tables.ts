import type { Sql } from 'postgres';
import type { TestFirm } from '../support/firm.ts';
import { mintInteraction } from '../support/records.ts';
import { mintHandover } from './handover-world.ts';
import { actorNamed, mint, type ActorName, type Kind, type Relation } from './world.ts';

export type Present = Exclude<Relation, 'missing'>;

/** The row that is tried: found by one column, changed in another. */
export interface Row {
  column: string;
  value: number;
}

export interface TableExpectation {
  /**
   * For executive, operations, head and administrator: what selecting, updating and deleting the row does for one's
   * own record, one of the team's and another's, with nothing between the person and Postgres.
   * 1 done · 0 no such row · - not a right of the role
   */
  cells: { select: string; update: string; delete: string };
  /** A column that an update sets to what it is. */
  touch: string;
  make: (sql: Sql, firm: TestFirm, name: ActorName, relation: Present) => Promise<Row>;
}

const cells = (select: string, update: string, remove: string) => ({ select, update, delete: remove });

const asMinted =
  (kind: Kind, column = 'id') =>
  async (_: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id, clientId } = await mint(firm, kind, name, relation);
    return { column, value: column === 'client_id' ? clientId : id };
  };

/** A row about a client of that relation, by nobody the actor is or leads. */
const ofClient =
  (insert: (sql: Sql, clientId: number, firm: TestFirm) => Promise<unknown>) =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id } = await mint(firm, 'client', name, relation);
    await insert(sql, id, firm);
    return { column: 'client_id', value: id };
  };

/** Whose a row about a person is. */
function personOf(firm: TestFirm, name: ActorName, relation: Present): number {
  const own = actorNamed(firm, name).userId;
  const team = { executive: firm.rm2, ops: firm.ops2, head: firm.rm, administrator: firm.rm }[name].userId;
  return { own, team, other: firm.otherRm.userId }[relation];
}

const ofPerson =
  (insert: (sql: Sql, userId: number) => Promise<unknown>, column = 'user_id') =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const value = personOf(firm, name, relation);
    await insert(sql, value);
    return { column, value };
  };

const clockRow =
  (column = 'clock_id') =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id } = await mint(firm, 'clock', name, relation);
    await sql`insert into clock_holds (clock_id, kind, until, reason) values (${id}, 'acknowledged', now(), 'x')`;
    await sql`insert into clock_moves (clock_id, from_version_id, policy_version_id, because)
      select id, policy_version_id, policy_version_id, '[]' from clocks where id = ${id}`;
    await sql`insert into escalations (clock_id, step_key, policy_version_id, kind, action_at)
      select id, 'x', policy_version_id, 'warn', now() from clocks where id = ${id} on conflict do nothing`;
    return { column, value: id };
  };

async function review(sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> {
  const { id: clientId } = await mint(firm, 'client', name, relation);
  const value = await mintInteraction({ clientId, purpose: 'portfolio_review' });
  await sql`insert into portfolio_reviews (interaction_id, held_on) values (${value}, '2026-01-15')`;
  await sql`insert into reviewed_holdings (interaction_id, product_name) values (${value}, 'x')`;
  return { column: 'interaction_id', value };
}

let made = 0;

const NOTHING = '--- --- --- ---';
/** Everybody knows it; without the grant nobody below the administrators changes it. */
const KNOWN = '111 111 111 111';
const KEPT = '000 000 000 111';
const ADMINISTRATORS = '--- --- --- 111';
const CLIENT = '100 110 110 111';
/** Said by nobody of theirs. */
const UNSAID = '000 000 000 111';
const PERSON = '100 100 110 111';
/** Heads for their people, administrators for everybody. */
const HEADS = '000 000 110 111';

/** A row of the firm's directory or settings, whoever asks. */
const ofFirm =
  (column: string, value: (firm: TestFirm) => number) =>
  (_: Sql, firm: TestFirm): Promise<Row> =>
    Promise.resolve({ column, value: value(firm) });

/** Every table under row level security but those of the gate. */
export const TABLES: Record<string, TableExpectation> = {
  clients: { cells: cells(CLIENT, CLIENT, ADMINISTRATORS), touch: 'name', make: asMinted('client') },
  client_access: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'sort_name',
    make: asMinted('client', 'client_id')
  },
  client_contact_points: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'label', make: asMinted('point') },
  client_addresses: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'city', make: asMinted('address') },
  client_tags: {
    cells: cells(CLIENT, CLIENT, CLIENT),
    touch: 'tag',
    make: ofClient((sql, id) => sql`insert into client_tags (client_id, tag) values (${id}, 'vip')`)
  },
  client_notes: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'body',
    make: ofClient(
      (sql, id, firm) =>
        sql`insert into client_notes (client_id, author_id, body) values (${id}, ${firm.goneId}, 'x')`
    )
  },
  duplicate_reviews: {
    cells: cells('000 000 110 111', '000 000 110 111', NOTHING),
    touch: 'matched_on',
    make: ofClient(
      (sql, id, firm) =>
        sql`insert into duplicate_reviews (client_id, matched_on, asked_by_id) values (${id}, 'email', ${firm.goneId})`
    )
  },
  interactions: {
    cells: cells(CLIENT, UNSAID, UNSAID),
    touch: 'subject',
    make: async (_, firm, name, relation) => {
      const { id } = await mint(firm, 'client', name, relation);
      return { column: 'id', value: await mintInteraction({ clientId: id }) };
    }
  },
  portfolio_reviews: { cells: cells(CLIENT, UNSAID, NOTHING), touch: 'next_on', make: review },
  reviewed_holdings: { cells: cells(CLIENT, NOTHING, UNSAID), touch: 'product_name', make: review },
  holdings: { cells: cells(CLIENT, CLIENT, '000 000 000 111'), touch: 'folio', make: asMinted('holding') },
  leads: {
    cells: cells('100 000 110 111', '100 000 110 111', ADMINISTRATORS),
    touch: 'name',
    make: asMinted('lead')
  },
  lead_contacts: {
    cells: cells('100 000 110 111', HEADS, HEADS),
    touch: 'subject',
    make: async (sql, firm, name, relation) => {
      const { id } = await mint(firm, 'lead', name, relation);
      await sql`insert into lead_contacts (lead_id, user_id, logged_by_id, channel, direction, answered, subject, occurred_at)
        values (${id}, ${firm.goneId}, ${firm.goneId}, 'call', 'outbound', true, 'x', now())`;
      return { column: 'lead_id', value: id };
    }
  },
  queries: { cells: cells(CLIENT, CLIENT, ADMINISTRATORS), touch: 'subject', make: asMinted('query') },
  service_requests: {
    cells: cells('100 110 111 111', CLIENT, ADMINISTRATORS),
    touch: 'details',
    make: asMinted('request')
  },
  comments: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'body',
    make: async (sql, firm, name, relation) => {
      const { id } = await mint(firm, 'query', name, relation);
      await sql`insert into comments (subject_kind, subject_id, author_id, body) values ('query', ${id}, ${firm.goneId}, 'x')`;
      return { column: 'subject_id', value: id };
    }
  },
  clocks: { cells: cells(CLIENT, CLIENT, NOTHING), touch: 'due_at', make: clockRow('id') },
  clock_segments: { cells: cells(CLIENT, CLIENT, NOTHING), touch: 'to_at', make: clockRow() },
  clock_steps: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'position', make: clockRow() },
  clock_holds: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'reason', make: clockRow() },
  clock_moves: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'because', make: clockRow() },
  escalations: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'kind', make: clockRow() },
  products: {
    cells: cells('111 111 111 111', '000 000 000 111', '000 000 000 111'),
    touch: 'name',
    make: asMinted('product')
  },
  client_merges: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'old_name',
    make: ofClient(
      (sql, id, firm) => sql`insert into client_merges (old_id, old_number, old_name, client_id, merged_by_id)
        values (${id}, 'CL-0', 'x', ${id}, ${firm.goneId})`
    )
  },
  accounts: {
    cells: cells('100 100 100 111', KEPT, NOTHING),
    touch: 'invited_at',
    make: ofPerson(
      (sql, userId) => sql`insert into accounts (user_id) values (${userId}) on conflict do nothing`
    )
  },
  user_capabilities: {
    cells: cells(KNOWN, ADMINISTRATORS, KEPT),
    touch: 'capability',
    make: ofPerson(
      (sql, userId) => sql`insert into user_capabilities (user_id, capability)
        values (${userId}, 'assessment') on conflict do nothing`
    )
  },
  teams: { cells: cells(KNOWN, KEPT, KEPT), touch: 'region', make: ofFirm('id', ({ teams }) => teams.rm) },
  team_members: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'user_id',
    make: ofFirm('team_id', ({ teams }) => teams.rm)
  },
  roles: { cells: cells(KNOWN, KEPT, KEPT), touch: 'name', make: ofFirm('level', () => 2) },
  role_grants: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'scope',
    make: ofFirm('role_id', () => 1)
  },
  firm_settings: { cells: cells(KNOWN, KEPT, ADMINISTRATORS), touch: 'name', make: ofFirm('id', () => 1) },
  list_items: { cells: cells(KNOWN, KEPT, KEPT), touch: 'label', make: ofFirm('position', () => 0) },
  firm_logos: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'mime_type',
    make: async (sql) => {
      await sql`insert into firm_logos (hash, mime_type, bytes) values ('1', 'image/png', 'x') on conflict do nothing`;
      return { column: 'hash::int', value: 1 };
    }
  },
  request_types: { cells: cells(KNOWN, KEPT, KEPT), touch: 'name', make: ofFirm('id', () => 1) },
  job_runs: {
    cells: cells(KEPT, '--- --- --- ---', NOTHING),
    touch: 'did',
    make: async (sql) => {
      const [row] = await sql<{ id: number }[]>`insert into job_runs (schedule, due_at, state)
        values ('test', now() + ${++made} * interval '1 day', 'done') returning id::int`;
      return { column: 'id', value: row?.id ?? 0 };
    }
  },
  dead_letters: {
    cells: cells(KEPT, KEPT, NOTHING),
    touch: 'retried_at',
    make: async (sql) => {
      const [row] = await sql<
        { id: number }[]
      >`insert into dead_letters (queue, job, payload, error, attempts)
        values ('test', 'test', '{}', 'x', 1) returning id::int`;
      return { column: 'id', value: row?.id ?? 0 };
    }
  },
  calendars: { cells: cells(KNOWN, KEPT, KEPT), touch: 'name', make: ofFirm('id', () => 1) },
  calendar_windows: { cells: cells(KNOWN, KEPT, KEPT), touch: 'opens', make: ofFirm('calendar_id', () => 1) },
  policies: { cells: cells(KNOWN, KEPT, KEPT), touch: 'name', make: ofFirm('id', () => 1) },
  policy_versions: { cells: cells(KNOWN, KEPT, KEPT), touch: 'version', make: ofFirm('id', () => 1) },
  policy_targets: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'amount',
    make: ofFirm('policy_version_id', () => 1)
  },
  policy_steps: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'position',
    make: ofFirm('policy_version_id', () => 1)
  },
  calendar_holidays: {
    cells: cells(KNOWN, KEPT, KEPT),
    touch: 'name',
    make: async (sql) => {
      await sql`insert into calendar_holidays (calendar_id, on_date, name)
        values (1, date '2030-01-01' + ${++made}::int, 'x')`;
      return { column: 'calendar_id', value: 1 };
    }
  },
  calendar_versions: {
    cells: cells(KNOWN, NOTHING, NOTHING),
    touch: 'name',
    make: ofFirm('calendar_id', () => 1)
  },
  clock_recomputes: {
    cells: cells(KEPT, NOTHING, NOTHING),
    touch: 'done',
    make: async (sql) => {
      const [row] = await sql<{ id: number }[]>`insert into clock_recomputes (calendar_id, what, total)
        values (1, 'Changed the hours', 0) returning id::int`;
      return { column: 'id', value: row?.id ?? 0 };
    }
  },
  saved_views: {
    cells: cells('100 100 100 100', '100 100 100 100', '100 100 100 100'),
    touch: 'params',
    make: ofPerson(
      (sql, userId) => sql`insert into saved_views (owner_id, module, name, params)
        values (${userId}, 'leads', 'Mine', '')`,
      'owner_id'
    )
  },
  users: {
    cells: cells('111 111 111 111', PERSON, ADMINISTRATORS),
    touch: 'extension',
    make: ofPerson(() => Promise.resolve(), 'id')
  },
  user_profiles: {
    cells: cells(PERSON, PERSON, ADMINISTRATORS),
    touch: 'phone',
    make: ofPerson(() => Promise.resolve())
  },
  handovers: {
    cells: cells(PERSON, HEADS, NOTHING),
    touch: 'restored',
    make: async (_, firm, name, relation) => ({
      column: 'id',
      value: await mintHandover(firm, name, relation)
    })
  },
  handover_items: {
    cells: cells(PERSON, HEADS, NOTHING),
    touch: 'outcome',
    make: async (_, firm, name, relation) => ({
      column: 'handover_id',
      value: await mintHandover(firm, name, relation)
    })
  },
  notifications: {
    cells: cells('100 100 100 111', '100 100 100 111', NOTHING),
    touch: 'read_at',
    make: ofPerson(
      (sql, userId) => sql`insert into notifications (key, user_id, kind, title, reason)
        values (${`k${++made}`}, ${userId}, 'test', 'x', 'x')`
    )
  },
  notification_mutes: {
    cells: cells('100 100 100 111', NOTHING, '100 100 100 111'),
    touch: 'created_at',
    make: ofPerson(
      (sql, userId) => sql`insert into notification_mutes (user_id, subject_kind, subject_id)
        values (${userId}, 'lead', ${++made})`
    )
  },
  notification_summaries: {
    cells: cells('100 100 100 111', NOTHING, NOTHING),
    touch: 'count',
    make: ofPerson(
      (sql, userId) => sql`insert into notification_summaries (user_id, on_date, count)
        values (${userId}, date '2030-01-01' + ${++made}::int, 1)`
    )
  },
  mail_outbox: {
    cells: cells('100 100 100 111', KEPT, NOTHING),
    touch: 'state',
    make: ofPerson(
      (
        sql,
        userId
      ) => sql`insert into mail_outbox (key, user_id, to_address, subject, text, html, kind, message_id)
        values (${`k${++made}`}, ${userId}, 'x@x.test', 'x', 'x', 'x', 'test', ${`m${made}`})`
    )
  },
  digests: {
    cells: cells('100 100 100 111', NOTHING, NOTHING),
    touch: 'state',
    make: ofPerson(
      (sql, userId) => sql`insert into digests (user_id, on_date, state, counts)
        values (${userId}, date '2026-01-01' + ${++made}::int, 'queued', '{}')`
    )
  },
  pipeline_snapshots: {
    cells: cells(PERSON, NOTHING, NOTHING),
    touch: 'leads',
    make: ofPerson(
      (sql, userId) => sql`insert into pipeline_snapshots
        (on_date, rm_id, status, leads, value, created, moved, days_in_status, days_to_convert)
        values (date '2026-01-01' + ${++made}::int, ${userId}, 'new', 1, 0, 0, 0, 0, 0)`,
      'rm_id'
    )
  },
  audit_log: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'action',
    make: asMinted('client', 'row_id')
  }
};
