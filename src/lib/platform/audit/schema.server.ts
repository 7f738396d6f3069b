import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { condition } from '#lib/platform/db/columns.server.ts';
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

/** Every change of every row: written by triggers only, never changed by anybody. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: identity(),
    tableName: text().notNull(),
    /** The row's id; for rows keyed otherwise the first column of the key. */
    rowId: reference(),
    action: text({ enum: ['insert', 'update', 'delete', 'reveal'] }).notNull(),
    /** Only the columns that changed; secrets and PAN never. */
    oldValues: jsonb().$type<Record<string, unknown>>(),
    newValues: jsonb().$type<Record<string, unknown>>(),
    actorId: reference(),
    at: createdAt()
  },
  (t) => [
    oneOf('audit_log_action', t.action, ['insert', 'update', 'delete', 'reveal']),
    index('audit_log_record').on(t.tableName, t.rowId, t.id),
    index('audit_log_actor').on(t.actorId, t.id),
    ...visibleBy('audit_log', { read: sameRecord, change: null })
  ]
);
