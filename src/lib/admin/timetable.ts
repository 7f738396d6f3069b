import type { Cadence } from '#lib/platform/jobs/cadence.ts';

/**
 * Every schedule there is: what it is called and when it runs, in the firm's time zone.
 * What it does is bound in `workers/schedule.ts`, which does not compile with one missing.
 */
export const TIMETABLE = {
  'clocks.sweep': { title: 'Escalation', cadence: 'minute' },
  'reports.pipeline': { title: 'Nightly pipeline report', cadence: { dailyAt: '00:10' } },
  'digests.write': { title: 'Morning digests', cadence: 'minute' },
  'notifications.sum': { title: 'Daily summaries of notifications', cadence: 'minute' },
  'mail.sweep': { title: 'Outgoing mail', cadence: 'minute' },
  housekeeping: { title: 'Housekeeping', cadence: { dailyAt: '03:30' } }
} as const satisfies Record<string, { title: string; cadence: Cadence }>;

export type ScheduleName = keyof typeof TIMETABLE;

export const SCHEDULE_NAMES = Object.keys(TIMETABLE) as ScheduleName[];
