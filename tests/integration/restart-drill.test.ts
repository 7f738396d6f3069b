import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { environmentFor } from '../support/database.ts';
import {
  faultsOfEscalation,
  faultsOfMail,
  isSettled,
  letDue,
  makeSleepingClocks,
  unsettled,
  workAtNoon
} from '../support/drill-scene.ts';
import { drillWorkers, shortPatience } from '../support/drill-workers.ts';
import { DRILL_TABLE } from '../support/drill.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { randomFrom } from '../support/random.ts';
import { mintClient } from '../support/records.ts';
import { startRestartable, type Restartable } from '../support/restartable.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const RESTARTS = full ? 20 : 3;
const CLOCKS = full ? 2_000 : 120;
const VISITORS = 6;
const SEED = Number(process.env.RAPPORT_DRILL_SEED ?? 20);
const random = randomFrom(SEED);

let database: Restartable;
let superuser: postgres.Sql;
let firm: TestFirm;
let smtp: TestSmtp;
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);
const workers = drillWorkers(() => ({
  ...environmentFor(database),
  ...shortPatience,
  SMTP_URL: smtp.url
}));

beforeAll(async () => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  [database, smtp] = await Promise.all([startRestartable(), startSmtp()]);
  Object.assign(process.env, environmentFor(database), { LOG_LEVEL: 'silent' });
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
  await workAtNoon(superuser);
  await makeSleepingClocks(superuser, firm, CLOCKS);
  await superuser.unsafe(DRILL_TABLE);
  for (const rm of [firm.rm, firm.otherRm])
    for (let n = 0; n < 5; n += 1) await mintClient({ primaryRmId: rm.userId, name: `Of ${rm.name} ${n}` });
}, 180_000);

afterAll(async () => {
  await workers.end();
  await closeDatabase();
  await superuser?.end();
  await Promise.all([database?.stop(), smtp?.close()]);
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

interface Visits {
  answered: number;
  refused: number;
  /** Lists that held somebody else's client. */
  wrong: number;
  outcomes: Map<string, boolean>;
}

/** Somebody who reads his list and writes twice in one transaction, again and again. */
async function visit(actor: Actor, name: string, seen: Visits, over: () => boolean): Promise<void> {
  for (let turn = 0; !over(); turn += 1) {
    const run = `${name}-${turn}`;
    try {
      const { items } = await callerFor(actor).clients.list({});
      if (
        items.some((client) => client.name.startsWith('Of ') && !client.name.startsWith(`Of ${actor.name}`))
      )
        seen.wrong += 1;
      await asActor(actor, async (tx) => {
        await tx.execute(sql`insert into drill (owner, run) values (${actor.userId}, ${run})`);
        await pause(random.next() * 4);
        await tx.execute(sql`insert into drill (owner, run) values (${actor.userId}, ${run})`);
      });
      seen.outcomes.set(run, true);
      seen.answered += 1;
    } catch {
      seen.outcomes.set(run, false);
      seen.refused += 1;
      await pause(50);
    }
  }
}

/** With the new server: the old connections are gone. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question();
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(100);
    }
  }
}

test(
  `Postgres restarts ${RESTARTS} times under visitors and workers: nobody dies, nobody is somebody else`,
  { timeout: full ? 1_200_000 : 240_000 },
  async () => {
    for (let n = 0; n < 2; n += 1) workers.start();
    await Promise.all(workers.running().map(workers.started));
    const seen: Visits = { answered: 0, refused: 0, wrong: 0, outcomes: new Map() };
    let over = false;
    const visitors = Array.from({ length: VISITORS }, (_, n) =>
      visit(n % 2 === 0 ? firm.rm : firm.otherRm, `v${n}`, seen, () => over)
    );
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      const answered = seen.answered;
      await asked(() => letDue(superuser, CLOCKS / RESTARTS));
      await asked(() => asSystem((tx) => enqueue(tx, clocksDue, {})));
      await pause(random.next() * 400);
      await database.restart(restart % 2 === 0 ? 'stop' : 'crash');
      await until(() => seen.answered > answered, 60_000);
    }
    const lastRestart = performance.now();
    over = true;
    await Promise.all(visitors);
    await until(() => asked(() => isSettled(superuser)), 180_000).catch(async () => {
      throw new Error(`Not done: ${JSON.stringify(await unsettled(superuser))}`);
    });
    const seconds = (performance.now() - lastRestart) / 1000;
    console.info(
      `${RESTARTS} restarts (seed ${SEED}), ${seen.answered} visits answered, ${seen.refused} refused; work done ${seconds.toFixed(1)} s after the last`
    );
    expect(workers.running()).toHaveLength(2);
    expect(uncaught).toEqual([]);
    expect([seen.wrong, await mixed(), await torn(seen.outcomes)]).toEqual([0, 0, 0]);
    expect(await faultsOfEscalation(superuser)).toEqual({ notCarriedOut: 0, untold: 0, toldNotOnce: 0 });
    const { inDoubt, ...faults } = await faultsOfMail(superuser, smtp.received);
    expect(faults).toEqual({ lost: 0, twice: 0, unasked: 0 });
    expect(inDoubt).toBeLessThanOrEqual(RESTARTS * 4);
    expect(await workers.stop()).toEqual([0, 0]);
  }
);

/** Rows that somebody else's transaction wrote. */
async function mixed(): Promise<number> {
  return (await superuser`select 1 from drill where writer is distinct from owner`).length;
}

/** Half a transaction; or one that was answered and is not there. */
async function torn(outcomes: Map<string, boolean>): Promise<number> {
  const rows = await superuser<
    { run: string; rows: number }[]
  >`select run, count(*)::int as rows from drill group by run`;
  const written = new Map(rows.map((row) => [row.run, row.rows]));
  return [...outcomes].filter(([run, answered]) => {
    const count = written.get(run) ?? 0;
    return answered ? count !== 2 : count !== 0 && count !== 2;
  }).length;
}
