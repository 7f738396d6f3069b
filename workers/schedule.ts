import { TIMETABLE, type ScheduleName } from '#lib/admin/timetable.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import {
  performRun,
  runJob,
  startDue,
  tickJob,
  type Occasion,
  type Schedule
} from '#lib/platform/jobs/schedules.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { writeDigests } from './digests.ts';
import { sweepClocks } from './escalation.ts';
import { keepHouse } from './housekeeping.ts';
import { sweepOutgoingMail } from './mail.ts';
import { reportPipeline } from './pipeline.ts';
import { writeSummaries } from './summaries.ts';

/** What each schedule of the timetable does; the text it returns is kept with the run. */
const RUNS: Record<ScheduleName, (occasion: Occasion) => Promise<string | null>> = {
  'digests.write': writeDigests,
  'clocks.sweep': sweepClocks,
  'reports.pipeline': reportPipeline,
  'notifications.sum': writeSummaries,
  'mail.sweep': sweepOutgoingMail,
  housekeeping: keepHouse
};

const schedules: Schedule[] = (Object.keys(RUNS) as ScheduleName[]).map((name) => ({
  name,
  ...TIMETABLE[name],
  run: RUNS[name]
}));

export const scheduleHandlers = [
  handle(tickJob, async () => startDue(schedules, await firmTimeZone())),
  handle(runJob, async ({ schedule: name, dueAt, askedById }, context) => {
    const schedule = schedules.find((one) => one.name === name);
    if (!schedule) throw new Error(`There is no schedule called ${name}`);
    await performRun(schedule, new Date(dueAt), await firmTimeZone(), context, askedById);
  })
];

async function firmTimeZone(): Promise<string> {
  return (await asSystem(firmOf, { readOnly: true })).timeZone;
}
