import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCHEDULE_NAMES } from '#lib/admin/timetable.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  faultsOfEscalation,
  isSettled,
  makeSleepingClocks,
  unsettled,
  workAtNoon
} from '../support/drill-scene.ts';
import { drillWorkers } from '../support/drill-workers.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintLead } from '../support/records.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const CLOCKS = full ? 2_000 : 120;
const DAY = 86_400_000;

let database: TestDatabase;
let superuser: postgres.Sql;
let firm: TestFirm;
let smtp: TestSmtp;
let zone = '';
const workers = drillWorkers(() => ({ ...environmentFor(database), SMTP_URL: smtp.url }));

beforeAll(async () => {
  [database, smtp] = await Promise.all([useTestDatabase(), startSmtp()]);
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
  zone = await workAtNoon(superuser);
  await makeSleepingClocks(superuser, firm, CLOCKS);
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: new Date(Date.now() - 1_000 * DAY) });
});

afterAll(async () => {
  await workers.end();
  await closeDatabase();
  await superuser?.end();
  await Promise.all([database?.drop(), smtp?.close()]);
});

/** Everything stopped at noon yesterday, and the promises fell due one after the other since. */
async function goneForADay(): Promise<void> {
  await superuser`truncate job_outbox`;
  for (const name of SCHEDULE_NAMES)
    await superuser`insert into job_runs (schedule, due_at, started_at, finished_at, state)
      select ${name}, at, at, at, 'done' from (select date_trunc('minute', now()) - interval '1 day' as at) t`;
  await superuser`update clocks set next_action_at = now() - (id % 24) * interval '1 hour' where subject_kind = 'request'`;
  await superuser`update service_requests r set due_at = k.due_at from clocks k
    where k.subject_kind = 'request' and k.subject_id = r.id`;
}

test(
  'after a day without workers each reminder comes once, in one message a person, and the night has its report',
  { timeout: 240_000 },
  async () => {
    await goneForADay();
    const began = performance.now();
    for (let n = 0; n < 3; n += 1) workers.start();
    await Promise.all(workers.running().map(workers.started));
    await until(async () => (await reports()).length > 0 && (await isSettled(superuser)), 120_000).catch(
      async () => {
        throw new Error(`Not done: ${JSON.stringify(await unsettled(superuser))}`);
      }
    );
    const seconds = (performance.now() - began) / 1000;
    console.info(`A day of ${CLOCKS} promises, a report and digests made up for in ${seconds.toFixed(1)} s`);

    expect(await faultsOfEscalation(superuser)).toEqual({ notCarriedOut: 0, untold: 0, toldNotOnce: 0 });
    const told = await superuser<{ name: string; messages: number }[]>`
      select u.name, count(*)::int as messages from notifications n join users u on u.id = n.user_id
      where n.key like 'escalation%' and u.name in ('Opal Desk', 'Otto Desk', 'Pia Opshead', 'Asha Admin')
      group by u.name order by u.name`;
    expect(told.map(({ messages }) => messages)).toEqual([1, 1, 1, 1]);

    // Three schedulers started at the same moment: the night's report ran once, and for its own date.
    expect(await reports()).toEqual([{ state: 'done', attempt: 1, runs: 1 }]);
    const snapshots = await superuser`
      select on_date::text as day, (now() at time zone ${zone})::date - on_date as ago, sum(leads)::int as leads
      from pipeline_snapshots group by on_date`;
    expect(snapshots).toMatchObject([{ ago: 1, leads: 1 }]);

    const digests =
      await superuser`select user_id, on_date, count(*)::int as count from digests group by 1, 2 having count(*) > 1`;
    expect([...digests]).toEqual([]);
    const heads = await superuser`select distinct user_id::int as id from digests
      where on_date = (now() at time zone ${zone})::date and user_id = any (${[firm.opsHead.userId, firm.rmHead.userId]})`;
    expect(heads).toHaveLength(2);
    const mailed = await superuser`
      select count(distinct user_id)::int as people, count(*)::int as mails,
        count(*) filter (where user_id = ${firm.opsHead.userId})::int as "toHead"
      from mail_outbox where kind = 'digest'`;
    expect(mailed[0]?.mails).toBe(mailed[0]?.people);
    expect(mailed[0]?.toHead).toBe(1);
    expect(await workers.stop()).toEqual([0, 0, 0]);
  }
);

const reports = async () => [
  ...(await superuser`select state, attempt, count(*) over ()::int as runs from job_runs
    where schedule = 'reports.pipeline' and due_at > now() - interval '1 day' and did is not null`)
];
