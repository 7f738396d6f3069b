import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { SESSION_COOKIE } from '#lib/platform/auth/model.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../workers/escalation.ts';
import { letFallDue, makeAllDue } from './data/clocks.ts';

/** Clocks a second. */
export interface Escalated {
  clocks: number;
  /** Asked for over HTTP, carried out by a worker, until the last person was told. */
  worker: number;
  /** The sweep in this process, without a queue. */
  sweep: number;
  /** Its first statement alone: every step carried out at once, nobody told. */
  bare: number;
}

const LOOK_EVERY = 50;

/** Measures with nobody else at work; `startWorker` starts the worker that carries out the last sweep. */
export async function measureEscalation(
  sql: Sql,
  { origin, session }: { origin: string; session: string },
  startWorker: () => Promise<unknown>
): Promise<Escalated> {
  const bare = await timed(sql, () => carryOutBare(sql));
  const sweep = await timed(sql, () => sweepEscalations());
  await closeDatabase();
  await assertAllDone(sql);
  await makeAllDue(sql);
  await startWorker();
  const worker = await timed(sql, () => throughWorker(sql, origin, session));
  await assertAllDone(sql);
  const [row] = await sql<{ clocks: number }[]>`select count(*)::int as clocks from clocks`;
  const clocks = row?.clocks ?? 0;
  return { clocks, worker: clocks / worker, sweep: clocks / sweep, bare: clocks / bare };
}

/** Seconds that the work takes on clocks that have all fallen due. */
async function timed(sql: Sql, work: () => Promise<unknown>): Promise<number> {
  await makeAllDue(sql);
  await letFallDue(sql);
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1000;
}

async function carryOutBare(sql: Sql): Promise<void> {
  await sql`
    insert into escalations (clock_id, step_key, policy_version_id, kind, action_at)
    select s.clock_id, s.step_key, k.policy_version_id, s.kind, s.action_at from clocks k join clock_steps s on s.clock_id = k.id
    where k.next_action_at <= now() and s.action_at <= now() on conflict do nothing`;
}

/** Asks a worker for the sweep and waits until everybody was told. */
export async function throughWorker(sql: Sql, origin: string, session: string): Promise<void> {
  const answer = await fetch(`${origin}/api/trpc/admin.jobs.run`, {
    method: 'POST',
    headers: {
      origin,
      cookie: `${SESSION_COOKIE}=${session}`,
      'content-type': 'application/json'
    },
    body: JSON.stringify({ json: { name: 'clocks.sweep' } })
  });
  if (answer.status !== 200)
    throw new Error(`admin.jobs.run answered ${answer.status}: ${await answer.text()}`);
  while (!(await isAllDone(sql))) await pause(LOOK_EVERY);
}

async function isAllDone(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ done: boolean }[]>`
    select not exists (select from clocks where next_action_at <= now()) and not exists (
      select from escalations where told_at is null and told_user_ids = '{}') as done`;
  return row?.done ?? false;
}

export async function assertAllDone(sql: Sql): Promise<void> {
  const [row] = await sql<{ missing: number }[]>`
    select ((select count(*) * 2 from clocks) - (select count(*) from escalations where told_user_ids <> '{}'))::int as missing`;
  if (row?.missing !== 0) throw new Error(`${row?.missing} steps were not carried out, or not told`);
}
