import { sql } from 'drizzle-orm';
import { date, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { amount, createdAt, identity, reference } from '#lib/platform/db/columns.server.ts';
import { anyOf, inHeadedTeams, inPeople, visibleBy } from '#lib/platform/db/policies.server.ts';

/** The pipeline as it stood at the end of a firm date: one row per team, RM, product, source and status. */
export const pipelineSnapshots = pgTable(
  'pipeline_snapshots',
  {
    id: identity(),
    onDate: date({ mode: 'string' }).notNull(),
    teamId: reference(),
    rmId: reference(),
    productId: reference(),
    source: text(),
    status: text().notNull(),
    leads: integer().notNull(),
    value: amount().notNull(),
    /** Leads that were created, and that came into this status, on the date. */
    created: integer().notNull(),
    moved: integer().notNull(),
    /** Sum of days in the status, for an average over any grouping. */
    daysInStatus: integer().notNull(),
    /** Sum of days from creation to conversion of those converted on the date. */
    daysToConvert: integer().notNull(),
    /** Leads that were converted and denied on the date, and what the converted ones were worth. */
    converted: integer().notNull().default(0),
    denied: integer().notNull().default(0),
    wonValue: amount().notNull().default('0'),
    /** Leads by days in the status: up to a week, a month, a quarter, longer. */
    upToWeek: integer().notNull().default(0),
    upToMonth: integer().notNull().default(0),
    upToQuarter: integer().notNull().default(0),
    longer: integer().notNull().default(0),
    denialReason: text(),
    createdAt: createdAt()
  },
  (t) => [
    unique('pipeline_snapshots_once')
      .on(t.onDate, t.teamId, t.rmId, t.productId, t.source, t.status, t.denialReason)
      .nullsNotDistinct(),
    index('pipeline_snapshots_rm').on(t.rmId, t.onDate),
    index('pipeline_snapshots_movement')
      .on(t.onDate)
      .where(sql.raw('created > 0 or moved > 0 or converted > 0 or denied > 0')),
    ...visibleBy('pipeline_snapshots', {
      read: anyOf(inPeople('rm_id'), sql`(${sql.raw('rm_id is null and')} ${inHeadedTeams('team_id')})`),
      change: null
    })
  ]
);
