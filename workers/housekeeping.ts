import { SCHEDULE_NAMES, TIMETABLE } from '#lib/admin/timetable.ts';
import { forgetOldDigests } from '#lib/digests/commands.server.ts';
import { closeResolvedQueries } from '#lib/desk/query-commands.server.ts';
import { tidyGate } from '#lib/platform/auth/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { closeAbandonedRuns, forgetOldJobs } from '#lib/platform/jobs/housekeeping.server.ts';
import { forgetOldMail } from '#lib/platform/mail/sending.server.ts';

const frequent = SCHEDULE_NAMES.filter((name) => typeof TIMETABLE[name].cadence === 'string');

export async function keepHouse(): Promise<string> {
  await tidyGate();
  return asSystem(async (tx) => {
    const jobs = await forgetOldJobs(tx, frequent);
    const abandoned = await closeAbandonedRuns(tx);
    const mail = (await forgetOldMail(tx)) + (await forgetOldDigests(tx));
    const queries = await closeResolvedQueries(tx);
    return `${jobs} old jobs and runs and ${mail} old mails and digests removed, ${abandoned} runs given up, ${queries} queries closed`;
  });
}
