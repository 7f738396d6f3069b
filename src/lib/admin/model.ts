import { z } from 'zod';
import { MAIL_STATES } from '#lib/platform/mail/states.ts';
import { SCHEDULE_NAMES } from './timetable.ts';

const id = z.int().positive();
const cursor = z.string().regex(/^\d{1,18}$/);
const limit = z.int().min(1).max(100);

export const listJobsInput = z.strictObject({}).optional();
export const runJobInput = z.strictObject({ name: z.enum(SCHEDULE_NAMES) });
export const retryJobInput = z.strictObject({ id });
export const discardJobInput = z.strictObject({ id });
export const queueDepthsInput = z.strictObject({}).optional();

export const RUN_STATES = ['running', 'done', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What the background can be late with: no tick, a run that goes on and on, jobs not handed over or not done, clocks. */
export type LateKind = 'tick' | 'run' | 'handover' | 'job' | 'clock';

export interface Late {
  kind: LateKind;
  since: Date;
}

export const listRunsInput = z
  .strictObject({
    filter: z
      .strictObject({
        schedule: z.enum(SCHEDULE_NAMES).optional(),
        state: z.enum(RUN_STATES).optional(),
        /** Due on this day of the firm or later. */
        from: z.iso.date().optional()
      })
      .optional(),
    every: z.boolean().optional(),
    cursor: cursor.optional(),
    limit: limit.optional()
  })
  .default({});

export const listMailInput = z
  .strictObject({
    filter: z
      .strictObject({ state: z.enum(MAIL_STATES).optional(), kind: z.string().max(60).optional() })
      .optional(),
    cursor: cursor.optional(),
    limit: limit.optional()
  })
  .default({});

export const mailByIdInput = z.strictObject({ id });

/** The schedule a text names, or undefined. */
export const scheduleNameIn = (text: unknown) => SCHEDULE_NAMES.find((name) => name === text);
