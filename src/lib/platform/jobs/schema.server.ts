import { index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import {
  condition,
  createdAt,
  identity,
  instant,
  oneOf,
  reference
} from '#lib/platform/db/columns.server.ts';
import { granted, visibleBy } from '#lib/platform/db/policies.server.ts';

const kept = granted('admin.jobs');

/** Jobs to hand to the queue, written in the transaction that wants them. */
export const jobOutbox = pgTable(
  'job_outbox',
  {
    id: identity(),
    job: text().notNull(),
    /** Ids only: the queue never holds what a person may not see. */
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    runAt: createdAt(),
    createdAt: createdAt(),
    relayedAt: instant(),
    finishedAt: instant(),
    /** How often it was tried and failed, and what of; null while nothing went wrong. */
    attempts: integer().notNull().default(0),
    failedAt: instant(),
    lastError: text()
  },
  (t) => [
    index('job_outbox_waiting').on(t.id).where(condition('relayed_at is null')),
    index('job_outbox_unfinished').on(t.runAt).where(condition('finished_at is null'))
  ]
);

/** Every run of every schedule; the unique key makes two schedulers one run. */
export const jobRuns = pgTable(
  'job_runs',
  {
    id: identity(),
    schedule: text().notNull(),
    dueAt: instant().notNull(),
    startedAt: instant(),
    finishedAt: instant(),
    state: text({ enum: ['running', 'done', 'failed'] }).notNull(),
    attempt: integer().notNull().default(1),
    /** What was done; null when there was nothing to do. */
    did: text(),
    error: text(),
    /** The person who asked for it, beside the timetable. */
    askedById: reference()
  },
  (t) => [
    unique('job_runs_once').on(t.schedule, t.dueAt),
    index('job_runs_latest').on(t.schedule, t.dueAt),
    index('job_runs_not_done').on(t.dueAt).where(condition(`state <> 'done'`)),
    oneOf('job_runs_state', t.state, ['running', 'done', 'failed']),
    ...visibleBy('job_runs', { read: kept, change: null })
  ]
);

/** Jobs that failed their last attempt: kept until somebody retries or discards them. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: identity(),
    queue: text().notNull(),
    job: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    error: text().notNull(),
    attempts: integer().notNull(),
    failedAt: createdAt(),
    retriedAt: instant(),
    discardedAt: instant(),
    /** Who retried or discarded it. */
    settledById: reference()
  },
  () => visibleBy('dead_letters', { read: kept, add: null })
);
