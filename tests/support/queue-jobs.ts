import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { defineJob } from '#lib/platform/jobs/define.server.ts';
import { handle, type Handler } from '#lib/platform/jobs/work.server.ts';

const note = z.strictObject({ key: z.string() });

/** Writes one row for its key, however often it is delivered. */
export const effectJob = defineJob('test.effect', note);
/** Waits until the row `gate:<key>` exists, then has its effect. */
export const slowJob = defineJob('test.slow', note);
export const failingJob = defineJob('test.failing', note, { attempts: 2 });
/** Fails whenever it is tried, and is tried for a while. */
export const poisonJob = defineJob('test.poison', note, { attempts: 3 });
/** Ends whoever tries it. */
export const deadlyJob = defineJob('test.deadly', note);
/** Fails on its first delivery only. */
export const flakyJob = defineJob('test.flaky', note);

/** The handlers of one worker; `worker` is the name that its effects carry. */
export function effectHandlers(worker: string): Handler[] {
  return [
    handle(effectJob, ({ key }) => leave(key, worker)),
    handle(slowJob, async ({ key }, { signal }) => {
      await leave(`started:${key}`, worker);
      while (!signal.aborted && !(await exists(`gate:${key}`))) await nextTurn();
      if (!signal.aborted) await leave(key, worker);
    }),
    handle(failingJob, async ({ key }, { attempt }) => {
      await leave(`${key}:${attempt}`, worker);
      throw new Error('There is no such printer');
    }),
    handle(poisonJob, () => Promise.reject(new Error('It is poison'))),
    handle(deadlyJob, () => Promise.resolve(process.kill(process.pid, 'SIGKILL'))),
    handle(flakyJob, async ({ key }, { attempt }) => {
      if (attempt === 1) throw new Error('Not today');
      await leave(key, worker);
    })
  ];
}

export const leave = (key: string, worker: string) =>
  asSystem((tx) =>
    tx.execute(sql`insert into effects (key, worker) values (${key}, ${worker})
      on conflict (key) do update set deliveries = effects.deliveries + 1`)
  );

async function exists(key: string): Promise<boolean> {
  return (await asSystem((tx) => tx.execute(sql`select 1 from effects where key = ${key}`))).length > 0;
}

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 25));
