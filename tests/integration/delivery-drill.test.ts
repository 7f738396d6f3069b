import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { mailNotificationsJob } from '#lib/notifications/jobs.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { declaredJobs, type Job } from '#lib/platform/jobs/define.server.ts';
import { openQueues, type Queues } from '#lib/platform/jobs/queues.server.ts';
import { runJob, tickJob } from '#lib/platform/jobs/schedules.server.ts';
import { startWorkers, type RunningWorkers } from '#lib/platform/jobs/work.server.ts';
import { sendMailJob } from '#lib/platform/mail/jobs.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { askForRecompute, recomputeJob } from '#lib/policies/recompute.server.ts';
import { handlers } from '../../workers/composition.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { faultsOfEscalation, letDue, makeSleepingClocks, workAtNoon } from '../support/drill-scene.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintLead } from '../support/records.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const patience = { timeout: 60_000, interval: 50 };
const TIMES = 3;

let database: TestDatabase;
let superuser: postgres.Sql;
let firm: TestFirm;
let smtp: TestSmtp;

beforeAll(async () => {
  [database, smtp] = await Promise.all([useTestDatabase(), startSmtp()]);
  process.env.SMTP_URL = smtp.url;
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
  await workAtNoon(superuser);
  await makeSleepingClocks(superuser, firm, 12);
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: new Date(Date.now() - 1_000 * 86_400_000) });
  await refreshClocks();
});

afterAll(async () => {
  await closeDatabase();
  await superuser?.end();
  await Promise.all([database?.drop(), smtp?.close()]);
});

interface Delivery {
  job: Job;
  /** Prepares the state and gives the payload. */
  payload: () => Promise<object>;
  /** What there is afterwards, and must be exactly so. */
  effect: () => Promise<unknown>;
  once: unknown;
}

const DAY = 86_400_000;
let daysAgo = 2;

const DELIVERIES: Delivery[] = [
  {
    job: tickJob,
    payload: async () => {
      await superuser`truncate job_runs, job_outbox`;
      await superuser`insert into job_runs (schedule, due_at, state)
        values ('housekeeping', date_trunc('minute', now()) - interval '25 hours', 'done')`;
      return {};
    },
    effect: () => superuser`
      select (select count(*)::int from job_runs where schedule = 'housekeeping' and state = 'running') as announced,
        (select count(*)::int from job_outbox where payload ->> 'schedule' = 'housekeeping') as asked`,
    once: [{ announced: 1, asked: 1 }]
  },
  {
    job: runJob,
    payload: () => {
      daysAgo += 1;
      const dueAt = new Date(Math.floor(Date.now() / DAY) * DAY - daysAgo * DAY + 600_000).toISOString();
      return Promise.resolve({ schedule: 'reports.pipeline', dueAt });
    },
    effect: async () => [
      ...(await superuser`select state, did is not null as said from job_runs where schedule = 'reports.pipeline' order by due_at limit 1`),
      ...(await superuser`select sum(leads)::int as leads from pipeline_snapshots group by on_date order by on_date limit 1`)
    ],
    once: [{ state: 'done', said: true }, { leads: 1 }]
  },
  {
    job: clocksDue,
    payload: async () => {
      expect(await letDue(superuser, 4)).toBe(4);
      return {};
    },
    effect: () => faultsOfEscalation(superuser),
    once: { notCarriedOut: 0, untold: 0, toldNotOnce: 0 }
  },
  {
    job: mailNotificationsJob,
    payload: async () => {
      await superuser`delete from mail_outbox`;
      await superuser`insert into notifications (key, user_id, kind, title, reason, delivery)
        values (${crypto.randomUUID()}, ${firm.rm.userId}, 'escalation', 'Hello', 'You asked', 'mail')`;
      return {};
    },
    effect: () => superuser`select count(*)::int as mails from mail_outbox where user_id = ${firm.rm.userId}`,
    once: [{ mails: 1 }]
  },
  {
    job: sendMailJob,
    payload: async () => {
      const key = crypto.randomUUID();
      smtp.received.length = 0;
      await asSystem((tx) =>
        queueMail(tx, {
          key,
          to: 'a@b.example',
          userId: null,
          subject: key,
          text: 'x',
          html: 'x',
          kind: 'digest'
        })
      );
      return { key };
    },
    effect: () => Promise.resolve(smtp.received.length),
    once: 1
  },
  {
    job: recomputeJob,
    payload: async () => {
      const [policy] =
        await superuser`select id::int as id from policies where subject_kind = 'lead' order by id limit 1`;
      await asSystem((tx) =>
        askForRecompute(tx, firm.admin, { what: 'Drill', policyId: Number(policy?.id) })
      );
      const [asked] = await superuser`select max(id)::int as id from clock_recomputes`;
      return { id: Number(asked?.id) };
    },
    effect: () =>
      superuser`select done = total as all, finished_at is not null as finished, error from clock_recomputes order by id desc limit 1`,
    once: [{ all: true, finished: true, error: null }]
  }
];

test('there is a delivery to try for every job', () => {
  const kinds = new Set(DELIVERIES.map(({ job }) => job.name));
  expect(
    declaredJobs()
      .map(({ name }) => name)
      .filter((name) => !kinds.has(name))
  ).toEqual([]);
});

describe.each(['postgres', 'redis'] as const)('with the queue on %s', (backend) => {
  const redisUrl = backend === 'redis' ? inject('redisUrl') : null;

  async function working(work: (queues: Queues) => Promise<void>) {
    const queues = openQueues({
      databaseQueueUrl: database.databaseQueueUrl,
      redisUrl,
      prefix: `test-${crypto.randomUUID()}`
    });
    const tuning = { concurrency: TIMES };
    const workers: RunningWorkers = startWorkers(queues, handlers, { work: tuning, mail: tuning });
    try {
      await work(queues);
    } finally {
      await workers.stop(5_000);
      await queues.close();
    }
  }

  test.runIf(backend === 'postgres' || redisUrl !== null).each(DELIVERIES)(
    '$job.name that is delivered three times at once has one effect',
    async ({ job, payload, effect, once }) => {
      const data = await payload();
      let outboxId = 0;
      await working(async (queues) => {
        const [row] = await superuser`insert into job_outbox (job, payload, relayed_at)
          values (${job.name}, ${superuser.json(data as postgres.JSONValue)}, now()) returning id::int as id`;
        outboxId = Number(row?.id);
        const copies = Array.from({ length: TIMES }, (_, n) => `copy-${n}-${crypto.randomUUID()}`);
        const add = (jobId: string) =>
          queues
            .queue(job.queue)
            .add(job.name, { outboxId, payload: data }, { jobId, removeOnComplete: true });
        await Promise.all(copies.map(add));
        await vi.waitFor(async () => {
          const counts = await queues.queue(job.queue).getJobCounts('waiting', 'active', 'delayed');
          expect(counts).toEqual({ waiting: 0, active: 0, delayed: 0 });
        }, patience);
      });
      expect(
        await superuser`select 1 from job_outbox where id = ${outboxId} and finished_at is null`
      ).toEqual([]);
      expect(await effect()).toEqual(once);
    }
  );
});

test('records that changed are followed once by three that refresh at once', async () => {
  const leadId = await mintLead({ conversionRmId: firm.rm.userId });
  await Promise.all(Array.from({ length: TIMES }, () => refreshClocks()));
  expect(
    await superuser`select count(*)::int as clocks from clocks where subject_kind = 'lead' and subject_id = ${leadId} and target = 'first_call'`
  ).toEqual([{ clocks: 1 }]);
});
