import { sql } from 'drizzle-orm';
import {
  boolean,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex
} from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, oneOf, reference } from '#lib/platform/db/columns.server.ts';
import { rowVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import {
  CLOCK_STATES,
  HOLD_KINDS,
  SEGMENT_KINDS,
  STEP_ACTIONS,
  STEP_KINDS,
  SUBJECT_KINDS,
  TARGETS,
  TELL,
  type StepDeed
} from './model.ts';
import { calendars, policyVersions } from './policy-schema.server.ts';

/** Stretches of time, as Postgres writes them. */
const instantRanges = customType<{ data: string }>({ dataType: () => 'tstzmultirange' });

/** A clock is seen by whoever sees what it runs on. */
const subjectVisible = sql.raw(
  `case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) when 'request' then exists (select 1 from service_requests v where v.id = subject_id) when 'lead' then exists (select 1 from leads v where v.id = subject_id) else exists (select 1 from clients v where v.id = subject_id) end`
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
    /** Of a date that had passed when it was noted: when that was. What was said before does not keep it. */
    takenUpAt: instant(),
    /** The firm date a promise names, such as the next review; null where it is a length of time. */
    onDate: date({ mode: 'string' }),
    /** When time ran: what the segments say, without what stood still. */
    ran: instantRanges()
      .notNull()
      .default(sql`'{}'`),
    /** Null while paused: it moves with every minute. */
    dueAt: instant(),
    warnAt: instant(),
    /** When the sweep must look at it next; null when there is nothing to do. */
    nextActionAt: instant(),
    breachedAt: instant(),
    /** No step is carried out before this: acknowledged or snoozed. */
    heldUntil: instant(),
    endedAt: instant(),
    /** Void since the policy that fitted then made no such promise; taken up again where one does. */
    lapsed: boolean().notNull().default(false),
    /** Of ended clocks: by which version of the calendar their minutes were counted. */
    calendarVersion: integer(),
    /** The message that a next response runs for; null of other clocks, and where it is not known. */
    askedById: reference(),
    /** The message that kept a response; null where what was done kept it. */
    answeredById: reference(),
    /** Working minutes counted when it ended, and by how many it was over. */
    minutesUsed: integer(),
    minutesOver: integer(),
    /** The whole target, and whose time it was, in the same measure; of ended clocks. */
    minutesTarget: integer(),
    minutesOurs: integer(),
    minutesThirdParty: integer(),
    minutesClient: integer(),
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
    index('clocks_policy').on(t.policyVersionId, t.state),
    index('clocks_calendar').on(t.calendarId).where(sql.raw(`state in ('running', 'paused')`)),
    index('clocks_ended').on(t.endedAt),
    index('clocks_lapsed').on(t.subjectKind, t.subjectId).where(sql.raw('lapsed')),
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
    does: text({ enum: STEP_ACTIONS }).array().notNull().default(['notify', 'mail']),
    /** How many times it will have been carried out then; 0 where what another step did counts for it. */
    turn: integer().notNull().default(1),
    /** Null while the clock is paused. */
    actionAt: instant()
  },
  (t) => [
    primaryKey({ columns: [t.clockId, t.stepKey] }),
    ...visibleBy('clock_steps', { read: clockVisible, remove: clockVisible })
  ]
);

/** One step carried out on a clock, once in each turn: the next comes where its time moved ahead afterwards. */
export const escalations = pgTable(
  'escalations',
  {
    id: identity(),
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    stepKey: text().notNull(),
    turn: integer().notNull().default(1),
    /** Under which the clock ran then. */
    policyVersionId: reference()
      .notNull()
      .references(() => policyVersions.id),
    kind: text({ enum: STEP_KINDS }).notNull(),
    /** What the step said when it was carried out; the clock's ladder may be another by now. */
    tell: text({ enum: TELL }),
    tellUserId: reference().references(() => users.id),
    does: text({ enum: STEP_ACTIONS }).array().notNull().default(['notify', 'mail']),
    actionAt: instant().notNull(),
    /** When the promise was due then: what the step changed may have given it another due time. */
    dueAt: instant(),
    carriedOutAt: createdAt(),
    toldUserIds: reference().array().notNull().default([]),
    /** When people were told; nobody was if the work was done before or nobody wants to hear of it. */
    toldAt: instant(),
    /** What else was done: who had the work and has it now, which priority it had and has. */
    did: jsonb().$type<StepDeed>()
  },
  (t) => [
    unique('escalations_once').on(t.clockId, t.stepKey, t.turn),
    index('escalations_recent').on(t.carriedOutAt),
    index('escalations_untold').on(t.id).where(sql.raw(`told_at is null and told_user_ids = '{}'`)),
    index('escalations_told').on(t.toldAt),
    index('escalations_policy').on(t.policyVersionId),
    ...visibleBy('escalations', { read: clockVisible, change: null })
  ]
);

/** Somebody said that he knows, or that it can wait: no step is carried out before `until`. */
export const clockHolds = pgTable(
  'clock_holds',
  {
    id: identity(),
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    kind: text({ enum: HOLD_KINDS }).notNull(),
    until: instant().notNull(),
    reason: text().notNull(),
    userId: reference().references(() => users.id),
    createdAt: createdAt()
  },
  (t) => [
    oneOf('clock_holds_kind', t.kind, HOLD_KINDS),
    index('clock_holds_clock').on(t.clockId, t.id),
    ...visibleBy('clock_holds', { read: clockVisible, change: null, add: clockVisible })
  ]
);

/** Records whose clocks have to be brought up to what the record says now: ids only, written by triggers. */
export const clockRefresh = pgTable(
  'clock_refresh',
  {
    subjectKind: text({ enum: SUBJECT_KINDS }).notNull(),
    subjectId: reference().notNull(),
    /** It is taken up from then on. */
    since: createdAt(),
    /** When it first could not be taken in, and why it could not the last time; null before. */
    failingSince: instant(),
    error: text()
  },
  (t) => [primaryKey({ columns: [t.subjectKind, t.subjectId] })]
);
