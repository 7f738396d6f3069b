import {
  ADMINISTRATORS,
  asMinted,
  cells,
  CLIENT,
  HEADS,
  KEPT,
  KNOWN,
  NOTHING,
  ofFirm,
  ofPerson,
  PERSON,
  type TableExpectation
} from './table-rows.ts';
import { mintHandover } from './handover-world.ts';

let made = 0;

/** Those of the firm's directory, settings and jobs, and of what is kept for or about its people. */
export const FIRM_TABLES: Record<string, TableExpectation> = {
  products: {
    cells: cells('111 111 111 111', '000 000 000 111', '000 000 000 111'),
    touch: 'name',
    make: asMinted('product')
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
