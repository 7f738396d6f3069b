import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  time,
  unique
} from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import { anyOf, granted, visibleBy } from '#lib/platform/db/policies.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import type { DayWindow, Holiday, WeekWindow } from './calendar.ts';
import { STEP_ACTIONS, STEP_KINDS, SUBJECT_KINDS, TARGETS, TARGET_UNITS, TELL } from './model.ts';

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
    name: text().notNull(),
    /** Hours of an exceptional day that is worked; null on a holiday. */
    windows: jsonb().$type<DayWindow[]>()
  },
  (t) => [primaryKey({ columns: [t.calendarId, t.onDate] }), ...keptBy('calendar_holidays')]
);

/** What a calendar said at each of its versions, written when a change of it commits; ended clocks are explained by it. */
export const calendarVersions = pgTable(
  'calendar_versions',
  {
    calendarId: reference()
      .notNull()
      .references(() => calendars.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    name: text().notNull(),
    timeZone: text().notNull(),
    windows: jsonb().$type<WeekWindow[]>().notNull(),
    holidays: jsonb().$type<Holiday[]>().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    primaryKey({ columns: [t.calendarId, t.version] }),
    ...visibleBy('calendar_versions', {
      read: sql.raw('(select app.acting_user_id()) is not null'),
      change: null
    })
  ]
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
    clientTag: text(),
    /** The team the work is with. */
    teamId: reference().references(() => teams.id),
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
    /** Whose time stands still; the rest runs on and is counted apart. */
    pausesClient: boolean().notNull().default(true),
    pausesThirdParty: boolean().notNull().default(false),
    /** Steps that fall outside working hours wait for the next opening. */
    workingHoursOnly: boolean().notNull().default(false),
    createdById: reference().references(() => users.id),
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
    check('policy_targets_amount', sql`${t.amount} > 0 or (${t.unit} = 'on_date' and ${t.amount} = 0)`),
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
    /** Days before the due date, at opening time; 0 is on the day. */
    daysBefore: smallint(),
    tell: text({ enum: TELL }).notNull(),
    tellUserId: reference().references(() => users.id),
    /** What is done beside being carried out; reassigning gives the work to whoever is told. */
    does: text({ enum: STEP_ACTIONS }).array().notNull().default(['notify', 'mail'])
  },
  (t) => [
    primaryKey({ columns: [t.policyVersionId, t.target, t.key] }),
    oneOf('policy_steps_kind', t.kind, STEP_KINDS),
    oneOf('policy_steps_tell', t.tell, TELL),
    check(
      'policy_steps_when',
      sql`num_nonnulls(${t.atPercent}, ${t.afterBreachMinutes}, ${t.daysBefore}) = 1`
    ),
    ...keptBy('policy_steps')
  ]
);
