import {
  jobCounts,
  listDeadLetters,
  listRuns,
  listSchedules,
  retryDeadLetter
} from '#lib/platform/jobs/history.server.ts';
import { runSchedule } from '#lib/platform/jobs/schedules.server.ts';
import { listMail, mailById, sendMailAgain } from '#lib/platform/mail/history.server.ts';
import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { auditByIdInput, auditPeopleInput, listAuditInput } from './audit-model.ts';
import { auditById, auditPeople, countAudit, listAudit } from './audit-reads.server.ts';
import {
  listJobsInput,
  listMailInput,
  listRunsInput,
  mailByIdInput,
  retryJobInput,
  runJobInput
} from './model.ts';
import { TIMETABLE } from './timetable.ts';

const jobsRouter = router({
  list: can('admin.jobs')
    .input(listJobsInput)
    .query(async ({ ctx: { tx } }) => {
      const { timeZone } = await firmOf(tx);
      const items = await listSchedules(tx, TIMETABLE, timeZone);
      const page = { items, nextCursor: null, total: items.length, totalIsEstimate: false };
      return { ...page, timeZone, counts: await jobCounts(tx), deadLetters: await listDeadLetters(tx) };
    }),
  runs: can('admin.jobs')
    .input(listRunsInput)
    .query(({ ctx, input }) => listRuns(ctx.tx, input)),
  run: can('admin.jobs')
    .input(runJobInput)
    .mutation(({ ctx, input }) => runSchedule(ctx.tx, input.name)),
  retry: can('admin.jobs')
    .input(retryJobInput)
    .mutation(({ ctx, input }) => retryDeadLetter(ctx.tx, input.id))
});

const outboxRouter = router({
  list: can('admin.outbox')
    .input(listMailInput)
    .query(({ ctx, input }) => listMail(ctx.tx, input)),
  byId: can('admin.outbox')
    .input(mailByIdInput)
    .query(({ ctx, input }) => mailById(ctx.tx, input.id)),
  sendAgain: can('admin.outbox')
    .input(mailByIdInput)
    .mutation(({ ctx, input }) => sendMailAgain(ctx.tx, input.id))
});

const auditRouter = router({
  list: can('admin.audit')
    .input(listAuditInput)
    .query(async ({ ctx: { tx, actor }, input }) => ({
      ...(await listAudit(tx, input)),
      ...(await countAudit(tx, actor, input.filter))
    })),
  byId: can('admin.audit')
    .input(auditByIdInput)
    .query(({ ctx, input }) => auditById(ctx.tx, input.id)),
  /** Everybody who may have done something, those who have left too. */
  people: can('admin.audit')
    .input(auditPeopleInput)
    .query(({ ctx }) => auditPeople(ctx.tx))
});

export const adminRouter = router({ audit: auditRouter, jobs: jobsRouter, outbox: outboxRouter });
