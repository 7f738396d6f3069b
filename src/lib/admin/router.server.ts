import {
  discardDeadLetter,
  listDeadLetters,
  retryDeadLetter
} from '#lib/platform/jobs/dead-letters.server.ts';
import { queueDepths } from '#lib/platform/jobs/own-queues.server.ts';
import { runSchedule } from '#lib/platform/jobs/schedules.server.ts';
import { listMail, mailById, sendMailAgain } from '#lib/platform/mail/history.server.ts';
import { can, canAlone, router } from '#lib/platform/trpc/builder.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { auditByIdInput, auditPeopleInput, listAuditInput } from './audit-model.ts';
import { auditById, auditPeople, countAudit, listAudit } from './audit-reads.server.ts';
import { lateness } from './lateness.server.ts';
import {
  discardJobInput,
  listJobsInput,
  listMailInput,
  listRunsInput,
  mailByIdInput,
  queueDepthsInput,
  retryJobInput,
  runJobInput
} from './model.ts';
import { listRuns } from './runs.server.ts';
import { listSchedules } from './schedules.server.ts';
import { TIMETABLE } from './timetable.ts';
import { listFailing, outboxDepths } from './waiting.server.ts';

const jobsRouter = router({
  list: can('admin.jobs')
    .input(listJobsInput)
    .query(async ({ ctx: { tx } }) => {
      const { timeZone } = await firmOf(tx);
      const items = await listSchedules(tx, TIMETABLE, timeZone);
      const page = { items, nextCursor: null, total: items.length, totalIsEstimate: false };
      return {
        ...page,
        timeZone,
        late: await lateness(tx),
        outbox: await outboxDepths(tx),
        failing: await listFailing(tx),
        deadLetters: await listDeadLetters(tx)
      };
    }),
  /** What the queue itself says it holds; null when it does not answer. */
  queues: canAlone('admin.jobs')
    .input(queueDepthsInput)
    .query(() => queueDepths()),
  runs: can('admin.jobs')
    .input(listRunsInput)
    .query(({ ctx, input }) => listRuns(ctx.tx, input)),
  run: can('admin.jobs')
    .input(runJobInput)
    .mutation(({ ctx, input }) => runSchedule(ctx.tx, input.name, ctx.actor.userId)),
  retry: can('admin.jobs')
    .input(retryJobInput)
    .mutation(({ ctx, input }) => retryDeadLetter(ctx.tx, input.id, ctx.actor.userId)),
  discard: can('admin.jobs')
    .input(discardJobInput)
    .mutation(({ ctx, input }) => discardDeadLetter(ctx.tx, input.id, ctx.actor.userId))
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
