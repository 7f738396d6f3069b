import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  time,
  unique,
  uniqueIndex
} from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import { anyOf, granted, rowVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import {
  CLOCK_STATES,
  SEGMENT_KINDS,
  STEP_KINDS,
  SUBJECT_KINDS,
  TARGETS,
  TARGET_UNITS,
  TELL
} from './model.ts';

/** Everybody may know what is promised; a type of request brings its own promise. */
const keptBy = (table: string) => {
  const kept = anyOf(granted('admin.policies'), granted('admin.lists'));
  const read = sql.raw('(select app.acting_user_id()) is not null');
  return visibleBy(table, { read, change: kept, remove: kept });
};

/** Working time: a time zone, windows per weekday, holidays. */
export const calendars = pgTable(
  'calendars',
  {
    id: identity(),
    name: text().notNull().unique(),
    timeZone: text().notNull(),
    version: version()
  },
  () => keptBy('calendars')
);

export const calendarWindows = pgTable(
  'calendar_windows',
  {
    id: identity(),
    calendarId: reference()
      .notNull()
      .references(() => calendars.id, { onDelete: 'cascade' }),
    /** ISO: 1 is Monday. */
    weekday: smallint().notNull(),
    opens: time().notNull(),
    closes: time().notNull()
  },
  (t) => [
    check('calendar_windows_weekday', sql`${t.weekday} between 1 and 7`),
    check('calendar_windows_order', sql`${t.opens} < ${t.closes}`),
    unique('calendar_windows_once').on(t.calendarId, t.weekday, t.opens),
    ...keptBy('calendar_windows')
  ]
);

export const calendarHolidays = pgTable(
  'calendar_holidays',
  {
    calendarId: reference()
      .notNull()
      .references(() => calendars.id, { onDelete: 'cascade' }),
    onDate: date({ mode: 'string' }).notNull(),
    name: text().notNull()
  },
  (t) => [primaryKey({ columns: [t.calendarId, t.onDate] }), ...keptBy('calendar_holidays')]
);

/** Which promise holds for which work; the first that matches by position wins. */
export const policies = pgTable(
  'policies',
  {
    id: identity(),
    key: text().notNull().unique(),
    name: text().notNull(),
    position: integer().notNull(),
    active: boolean().notNull().default(true),
    subjectKind: text({ enum: SUBJECT_KINDS }).notNull(),
    /** Matches any when null. */
    requestTypeId: reference(),
    priority: text(),
    clientTier: text(),
    version: version()
  },
  (t) => [oneOf('policies_subject_kind', t.subjectKind, SUBJECT_KINDS), ...keptBy('policies')]
);

/** What a policy said at a time; clocks keep the version they run under. */
export const policyVersions = pgTable(
  'policy_versions',
  {
    id: identity(),
    policyId: reference()
      .notNull()
      .references(() => policies.id),
    version: integer().notNull(),
    calendarId: reference()
      .notNull()
      .references(() => calendars.id),
    createdAt: createdAt()
  },
  (t) => [unique('policy_versions_once').on(t.policyId, t.version), ...keptBy('policy_versions')]
);

export const policyTargets = pgTable(
  'policy_targets',
  {
    policyVersionId: reference()
      .notNull()
      .references(() => policyVersions.id, { onDelete: 'cascade' }),
    target: text({ enum: TARGETS }).notNull(),
    amount: integer().notNull(),
    unit: text({ enum: TARGET_UNITS }).notNull(),
    warnPercent: smallint().notNull().default(75)
  },
  (t) => [
    primaryKey({ columns: [t.policyVersionId, t.target] }),
    oneOf('policy_targets_target', t.target, TARGETS),
    oneOf('policy_targets_unit', t.unit, TARGET_UNITS),
    check('policy_targets_amount', sql`${t.amount} > 0`),
    check('policy_targets_warn', sql`${t.warnPercent} between 1 and 99`),
    ...keptBy('policy_targets')
  ]
);

/** The ladder: at what percent of the target, or how many working minutes after the breach, who is told. */
export const policySteps = pgTable(
  'policy_steps',
  {
    policyVersionId: reference()
      .notNull()
      .references(() => policyVersions.id, { onDelete: 'cascade' }),
    target: text({ enum: TARGETS }).notNull(),
    /** Stays the same through versions, so that an edited policy repeats nothing. */
    key: text().notNull(),
    position: integer().notNull(),
    kind: text({ enum: STEP_KINDS }).notNull(),
    atPercent: smallint(),
    afterBreachMinutes: integer(),
    tell: text({ enum: TELL }).notNull(),
    tellUserId: reference().references(() => users.id)
  },
  (t) => [
    primaryKey({ columns: [t.policyVersionId, t.target, t.key] }),
    oneOf('policy_steps_kind', t.kind, STEP_KINDS),
    oneOf('policy_steps_tell', t.tell, TELL),
    check('policy_steps_when', sql`(${t.atPercent} is null) <> (${t.afterBreachMinutes} is null)`),
    ...keptBy('policy_steps')
  ]
);

/** A clock is seen by whoever sees what it runs on. */
const subjectVisible = sql.raw(
  `case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end`
);
const clockVisible = rowVisible('clocks', 'clock_id');

/** One running promise. */
export const clocks = pgTable(
  'clocks',
  {
    id: identity(),
    subjectKind: text({ enum: SUBJECT_KINDS }).notNull(),
    subjectId: reference().notNull(),
    clientId: reference().references(() => clients.id, { onDelete: 'cascade' }),
    target: text({ enum: TARGETS }).notNull(),
    /** 1 for the first; reopening starts the next. */
    round: integer().notNull().default(1),
    policyVersionId: reference()
      .notNull()
      .references(() => policyVersions.id),
    calendarId: reference()
      .notNull()
      .references(() => calendars.id),
    state: text({ enum: CLOCK_STATES }).notNull().default('running'),
    startedAt: instant().notNull(),
    /** Null while paused: it moves with every minute. */
    dueAt: instant(),
    warnAt: instant(),
    /** When the sweep must look at it next; null when there is nothing to do. */
    nextActionAt: instant(),
    breachedAt: instant(),
    endedAt: instant(),
    /** Working minutes counted when it ended, and by how many it was over. */
    minutesUsed: integer(),
    minutesOver: integer(),
    updatedAt: createdAt()
  },
  (t) => [
    oneOf('clocks_subject_kind', t.subjectKind, SUBJECT_KINDS),
    oneOf('clocks_target', t.target, TARGETS),
    oneOf('clocks_state', t.state, CLOCK_STATES),
    uniqueIndex('clocks_round').on(t.subjectKind, t.subjectId, t.target, t.round),
    uniqueIndex('clocks_one_running')
      .on(t.subjectKind, t.subjectId, t.target)
      .where(sql.raw(`state in ('running', 'paused')`)),
    index('clocks_next_action').on(t.nextActionAt).where(sql.raw('next_action_at is not null')),
    index('clocks_client').on(t.clientId),
    ...visibleBy('clocks', { read: subjectVisible })
  ]
);

/** Whose time ran: ours, the client's (paused) or a third party's (counted apart). */
export const clockSegments = pgTable(
  'clock_segments',
  {
    id: identity(),
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    kind: text({ enum: SEGMENT_KINDS }).notNull(),
    cause: text().notNull(),
    userId: reference().references(() => users.id),
    fromAt: instant().notNull(),
    toAt: instant()
  },
  (t) => [
    oneOf('clock_segments_kind', t.kind, SEGMENT_KINDS),
    index('clock_segments_clock').on(t.clockId, t.id),
    uniqueIndex('clock_segments_open').on(t.clockId).where(sql.raw('to_at is null')),
    ...visibleBy('clock_segments', { read: clockVisible })
  ]
);

/** The steps of the ladder as they are planned for one clock. */
export const clockSteps = pgTable(
  'clock_steps',
  {
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    stepKey: text().notNull(),
    position: integer().notNull(),
    kind: text({ enum: STEP_KINDS }).notNull(),
    tell: text({ enum: TELL }).notNull(),
    tellUserId: reference().references(() => users.id),
    /** Null while the clock is paused. */
    actionAt: instant()
  },
  (t) => [
    primaryKey({ columns: [t.clockId, t.stepKey] }),
    ...visibleBy('clock_steps', { read: clockVisible, remove: clockVisible })
  ]
);

/** One step carried out on a clock, once. */
export const escalations = pgTable(
  'escalations',
  {
    id: identity(),
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    stepKey: text().notNull(),
    kind: text({ enum: STEP_KINDS }).notNull(),
    actionAt: instant().notNull(),
    carriedOutAt: createdAt(),
    toldUserIds: reference().array().notNull().default([])
  },
  (t) => [
    unique('escalations_once').on(t.clockId, t.stepKey),
    index('escalations_recent').on(t.carriedOutAt),
    index('escalations_untold').on(t.id).where(sql.raw(`told_user_ids = '{}'`)),
    ...visibleBy('escalations', { read: clockVisible, change: null })
  ]
);
