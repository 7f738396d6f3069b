import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { calendars, policies } from '#lib/clocks/policy-schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { createdAt, identity, instant, reference } from '#lib/platform/db/columns.server.ts';
import { granted, visibleBy } from '#lib/platform/db/policies.server.ts';

/**
 * A policy or a calendar changed: running clocks are brought up to it, batch by batch. `cursor` moves on in the
 * transaction of its batch, so that what was done is done once, whatever stops the process.
 */
export const clockRecomputes = pgTable(
  'clock_recomputes',
  {
    id: identity(),
    policyId: reference().references(() => policies.id, { onDelete: 'cascade' }),
    calendarId: reference().references(() => calendars.id, { onDelete: 'cascade' }),
    /** What was done, such as "Changed the targets". */
    what: text().notNull(),
    askedById: reference().references(() => users.id),
    /** Clocks to look at, and looked at so far. */
    total: integer().notNull(),
    done: integer().notNull().default(0),
    /** Clocks whose due time moved, that ended because nothing is promised any more, and that were started. */
    moved: integer().notNull().default(0),
    ended: integer().notNull().default(0),
    begun: integer().notNull().default(0),
    /** The last clock that was looked at; once all were, the last record of those without one. */
    cursor: reference().notNull().default(0),
    startedAt: instant(),
    /** Every running clock was looked at; records without one are next. */
    clocksDoneAt: instant(),
    finishedAt: instant(),
    error: text(),
    createdAt: createdAt()
  },
  (t) => {
    const kept = granted('admin.policies');
    return [
      index('clock_recomputes_policy').on(t.policyId),
      index('clock_recomputes_calendar').on(t.calendarId),
      ...visibleBy('clock_recomputes', { read: kept, change: null, add: kept })
    ];
  }
);
