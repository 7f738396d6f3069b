import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { condition } from '#lib/platform/db/columns.server.ts';
import { AUDIT_ACTIONS } from './actions.ts';
import { anyOf, visibleBy } from '#lib/platform/db/policies.server.ts';

/** A record's history may be read by whoever sees the record. */
const sameRecord = anyOf(
  ...['leads', 'clients', 'queries', 'service_requests', 'holdings', 'products', 'interactions'].map(
    (table) => condition(`table_name = '${table}' and exists (select 1 from ${table} v where v.id = row_id)`)
  ),
  // Rows of these are filed under their client.
  condition(
    `table_name in ('client_contact_points', 'client_addresses', 'client_tags', 'client_merges') and exists (select 1 from clients v where v.id = row_id)`
  ),
  // And these under their interaction.
  condition(
    `table_name in ('portfolio_reviews', 'reviewed_holdings') and exists (select 1 from interactions v where v.id = row_id)`
  )
);

const BUSY_TABLES = ['clients', 'client_contact_points', 'holdings', 'leads', 'interactions', 'comments'];
const BUSY_WORK = ['queries', 'service_requests'];
const quoted = (values: string[]) => values.map((value) => `'${value}'`).join(', ');
const RARE_TABLES = `table_name not in (${quoted([...BUSY_TABLES, ...BUSY_WORK])})`;
const RARE_ACTIONS = `action not in ('insert', 'update')`;

/** Every change of every row: written by triggers and `app.record_…` only, never changed by anybody. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: identity(),
    tableName: text().notNull(),
    /** The row's id; for rows keyed otherwise the first column of the key. */
    rowId: reference(),
    action: text({ enum: AUDIT_ACTIONS }).notNull(),
    /** Only the columns that changed; secrets and PAN never. */
    oldValues: jsonb().$type<Record<string, unknown>>(),
    newValues: jsonb().$type<Record<string, unknown>>(),
    actorId: reference(),
    at: createdAt()
  },
  (t) => [
    oneOf('audit_log_action', t.action, AUDIT_ACTIONS),
    index('audit_log_record').on(t.tableName, t.rowId, t.id),
    index('audit_log_at').on(t.at, t.id),
    index('audit_log_actor').on(t.actorId, t.at, t.id),
    // What is written all day is soon met on the way back through time; what is rare has indexes of its own, which
    // cost nothing to keep.
    index('audit_log_rare_tables').on(t.tableName, t.at, t.id).where(condition(RARE_TABLES)),
    index('audit_log_rare_actions').on(t.action, t.at, t.id).where(condition(RARE_ACTIONS)),
    ...visibleBy('audit_log', { read: sameRecord, change: null })
  ]
);
