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
    denialReason: text(),
    createdAt: createdAt()
  },
  (t) => [
    unique('pipeline_snapshots_once')
      .on(t.onDate, t.teamId, t.rmId, t.productId, t.source, t.status, t.denialReason)
      .nullsNotDistinct(),
    index('pipeline_snapshots_rm').on(t.rmId, t.onDate),
    ...visibleBy('pipeline_snapshots', {
      read: anyOf(inPeople('rm_id'), sql`(${sql.raw('rm_id is null and')} ${inHeadedTeams('team_id')})`),
      change: null
    })
  ]
);
