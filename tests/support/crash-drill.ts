import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { POINTS, type Point } from '#lib/platform/jobs/points.ts';
import { runJob, runSchedule, tickJob } from '#lib/platform/jobs/schedules.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { sweepMail } from '#lib/platform/mail/sending.server.ts';
import { askForRecompute } from '#lib/policies/recompute.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from './database.ts';
import {
  faultsOfEscalation,
  faultsOfMail,
  isSettled,
  letDue,
  makeSleepingClocks,
  unsettled,
  workAtNoon
} from './drill-scene.ts';
import { drillWorkers, shortPatience } from './drill-workers.ts';
import { makeFirm, mintTeam, mintUser, type TestFirm } from './firm.ts';
import { randomFrom } from './random.ts';
import { mintClient, mintLead, mintRequest } from './records.ts';
import { startRedis, type Redis } from './redis.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { until } from './until.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const CLOCKS = full ? 2_000 : 150;
const KILLS = full ? 200 : 13;
const WORKERS = full ? 3 : 2;
const SEED = Number(process.env.RAPPORT_DRILL_SEED ?? 4);
const DAY = 86_400_000;
const OLD_LEADS = 5;

/** Kills workers at random moments and at the named points while they carry out what falls due. */
export function crashDrill(backend: 'postgres' | 'redis'): void {
  const random = randomFrom(SEED);
  let database: TestDatabase;
  let superuser: postgres.Sql;
  let firm: TestFirm;
  let smtp: TestSmtp;
  let redis: Redis | null = null;
  const workers = drillWorkers(() => ({
    ...environmentFor(database),
    ...(redis ? { REDIS_URL: redis.url } : {}),
    ...shortPatience,
    SMTP_URL: smtp.url
  }));

  beforeAll(async () => {
    [database, smtp, redis] = await Promise.all([
      useTestDatabase(),
      startSmtp(),
      backend === 'redis' ? startRedis() : null
    ]);
    process.env.SMTP_URL = smtp.url;
    superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
    firm = await makeFirm();
    await workAtNoon(superuser);
    await makeSleepingClocks(superuser, firm, CLOCKS);
    for (let n = 0; n < OLD_LEADS; n += 1)
      await mintLead({ conversionRmId: firm.rm.userId, createdAt: new Date(Date.now() - 1_000 * DAY) });
  });

  afterAll(async () => {
    await workers.end();
    await closeDatabase();
    await superuser?.end();
    await Promise.all([database?.drop(), smtp?.close(), redis?.stop()]);
  });

  // On a machine without it there is no second back end to drill.
  const available = backend === 'postgres' || inject('redisUrl') !== null;

  test.runIf(available)(
    `${KILLS} kills lose nothing and repeat nothing`,
    { timeout: full ? 1_800_000 : 240_000 },
    async () => {
      const asked = { dates: [] as string[], heads: [] as number[] };
      const deaths = new Map<string, number>();
      for (let n = 0; n < WORKERS; n += 1) workers.start();
      await Promise.all(workers.running().map(workers.started));
      for (let kill = 0; kill < KILLS; kill += 1) {
        const point = pointOf(kill);
        workers.arm(point);
        const before = workers.running().length;
        await provoke(point, kill, asked);
        if (point === null) {
          await pause(random.next() * 400);
          await workers.kill(random.pick(workers.running()));
        }
        await until(() => workers.running().length < before, 60_000).catch(async () => {
          throw new Error(
            `Nobody came to the point: ${point}; ${JSON.stringify(await unsettled(superuser))}`
          );
        });
        workers.arm(null);
        deaths.set(
          point ?? 'at random',
          (deaths.get(point ?? 'at random') ?? 0) + before - workers.running().length
        );
        while (workers.running().length < WORKERS) workers.start();
        // Whoever is left goes on; the next kill waits for one that listens.
        await until(
          () => workers.running().some(({ output }) => output().includes('workers started')),
          60_000
        );
      }
      await letDue(superuser, CLOCKS);
      await asSystem((tx) => enqueue(tx, clocksDue, {}));
      const lastKill = performance.now();
      await until(() => isSettled(superuser), 120_000).catch(async () => {
        throw new Error(`Not done: ${JSON.stringify(await unsettled(superuser))}`);
      });
      const seconds = (performance.now() - lastKill) / 1000;
      const killed = [...deaths.values()].reduce((sum, count) => sum + count, 0);
      console.info(
        `${backend}: ${killed} workers killed, ${deaths.size} ways (seed ${SEED}); recovered in ${seconds.toFixed(1)} s (aim 60 s)`
      );
      await nothingLostNorTwice(asked, killed);
    }
  );

  /** Every other kill is at a named point; the short drills of the two back ends share the points. */
  function pointOf(kill: number): Point | null {
    if (full) return kill % 2 === 0 ? (POINTS[(kill / 2) % POINTS.length] ?? null) : null;
    if (kill >= POINTS.length / 2) return null;
    return POINTS[kill * 2 + (backend === 'redis' ? 1 : 0)] ?? null;
  }

  /** Gives the workers everything to do on the way to the point. */
  async function provoke(point: Point | null, kill: number, asked: { dates: string[]; heads: number[] }) {
    await letDue(superuser, Math.ceil(CLOCKS / KILLS));
    await asSystem(async (tx) => {
      await enqueue(tx, clocksDue, {});
      await runSchedule(tx, 'mail.sweep', firm.admin.userId);
      for (const n of [1, 2]) await queueMail(tx, mailAbout(`drill:${kill}:${n}`));
    });
    if (point === 'run announced') await asSystem((tx) => enqueue(tx, tickJob, {}));
    if (point?.startsWith('report')) await askForReport(asked.dates);
    if (point?.startsWith('digest')) asked.heads.push(await askForDigest());
    if (point?.includes('refresh')) await mintLead({ conversionRmId: firm.rm.userId });
    if (point?.includes('recompute')) await askToRecompute();
  }

  const mailAbout = (key: string) => ({
    key,
    to: `${key.replaceAll(':', '-')}@b.example`,
    userId: null,
    subject: key,
    text: 'Hello',
    html: '<p>Hello</p>',
    kind: 'digest'
  });

  /** The nightly report of one more day in the past. */
  async function askForReport(dates: string[]) {
    const due = new Date(Math.floor(Date.now() / DAY) * DAY - (dates.length + 3) * DAY + 10 * 60_000);
    dates.push(due.toISOString());
    await asSystem((tx) => enqueue(tx, runJob, { schedule: 'reports.pipeline', dueAt: due.toISOString() }));
  }

  /** One more head, in whose team something is overdue. */
  async function askForDigest(): Promise<number> {
    const { headId, teamId } = await asSystem(async (tx) => {
      const id = await mintUser(tx, { role: 'head' });
      return { headId: id, teamId: await mintTeam(tx, { function: 'ops', headId: id }) };
    });
    const requestId = await mintRequest({ clientId: await mintClient(), teamId });
    await superuser`update service_requests set due_at = now() - interval '2 days' where id = ${requestId}`;
    await superuser`
      insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at, due_at, breached_at)
      select 'request', r.id, r.client_id, 'resolution', k.policy_version_id, k.calendar_id, now() - interval '9 days',
        now() - interval '2 days', now() - interval '2 days'
      from service_requests r cross join (select * from clocks where subject_kind = 'request' limit 1) k
      where r.id = ${requestId}`;
    await asSystem((tx) => runSchedule(tx, 'digests.write', firm.admin.userId));
    return headId;
  }

  async function askToRecompute() {
    const [policy] =
      await superuser`select id::int as id from policies where subject_kind = 'lead' order by id limit 1`;
    await asSystem((tx) => askForRecompute(tx, firm.admin, { what: 'Drill', policyId: Number(policy?.id) }));
  }

  async function nothingLostNorTwice(asked: { dates: string[]; heads: number[] }, killed: number) {
    const [clocks] = await superuser`
      select count(*)::int as all, count(*) filter (where breached_at is not null)::int as breached
      from clocks where subject_kind = 'request'`;
    expect(clocks).toEqual({ all: CLOCKS + asked.heads.length, breached: CLOCKS + asked.heads.length });
    expect(await faultsOfEscalation(superuser)).toEqual({ notCarriedOut: 0, untold: 0, toldNotOnce: 0 });

    // What was with the mail server when a worker died is in doubt, and never sent again.
    await superuser`update mail_outbox set sending_at = now() - interval '1 hour' where state = 'sending'`;
    await sweepMail();
    // And what it had nothing of the workers send now.
    await until(() => isSettled(superuser), 30_000);
    const { inDoubt, ...faults } = await faultsOfMail(superuser, smtp.received);
    expect(faults).toEqual({ lost: 0, twice: 0, unasked: 0 });
    expect(inDoubt).toBeLessThanOrEqual(killed * 2);
    const states =
      await superuser`select distinct state from mail_outbox where state not in ('sent', 'unknown')`;
    expect([...states]).toEqual([]);

    const runs =
      await superuser`select schedule, due_at from job_runs where state <> 'done' or finished_at is null`;
    expect([...runs]).toEqual([]);
    const [sweeps] =
      await superuser`select count(*)::int as count from job_runs where schedule = 'mail.sweep' and asked_by_id is not null`;
    expect(sweeps?.count).toBe(KILLS);
    const reports =
      await superuser`select sum(leads)::int as leads from pipeline_snapshots where on_date < current_date - 1 group by on_date`;
    expect(reports.map(({ leads }) => leads as number)).toEqual(asked.dates.map(() => OLD_LEADS));
    const digests = await superuser`
      select user_id::int as id, count(*)::int as digests,
        (select count(*)::int from mail_outbox m where m.user_id = d.user_id and m.kind = 'digest') as mails
      from digests d where user_id = any (${asked.heads}) group by user_id order by user_id`;
    expect([...digests]).toEqual(asked.heads.map((id) => ({ id, digests: 1, mails: 1 })));
    const leads = await superuser`
      select l.id from leads l left join clocks k on k.subject_kind = 'lead' and k.subject_id = l.id
        and k.target = 'first_call' and k.state = 'running' group by l.id having count(k.id) <> 1`;
    expect([...leads]).toEqual([]);
  }
}
