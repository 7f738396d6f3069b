import { describe, expect, test, vi } from 'vitest';
import { relayWaiting } from '#lib/platform/jobs/relay.server.ts';
import { deadlyJob, effectJob, poisonJob } from '../support/queue-jobs.ts';
import { patience, useQueueRig, useQueueServices } from '../support/queue-rig.ts';

const full = process.env.RAPPORT_DRILL === 'full';
const OTHERS = full ? 2_000 : 40;
const POISONS = 3;
/** So many workers may die of a job; of the next one it is given up. */
const DEATHS = full ? 20 : 2;

const { admin } = useQueueServices();

describe.each(['postgres', 'redis'] as const)('poison in the queue on %s', (backend) => {
  const rig = useQueueRig(backend);
  const letters = () => admin()`select job, attempts, error from dead_letters`;
  const waiting = async (job: string) =>
    (await admin()`select id from job_outbox where finished_at is null and job = ${job}`).length;

  test.runIf(rig.available)(
    'is parked after its attempts, and keeps nobody waiting',
    { timeout: 120_000 },
    async () => {
      rig.startWorker('a');
      for (let n = 0; n < POISONS; n += 1) await rig.ask(poisonJob, `poison ${n}`);
      for (let n = 0; n < OTHERS; n += 1) await rig.ask(effectJob, `job ${n}`);
      await relayWaiting(rig.open());
      await vi.waitFor(async () => expect(await waiting(effectJob.name)).toBe(0), patience);
      // The others are through while the poison still waits for its next attempt.
      if (!full) expect(await waiting(poisonJob.name)).toBe(POISONS);
      expect(await rig.keys()).toHaveLength(OTHERS);
      await vi.waitFor(async () => expect(await letters()).toHaveLength(POISONS), patience);
      for (const letter of await letters())
        expect(letter).toEqual({ job: poisonJob.name, attempts: 3, error: 'It is poison' });
      expect(await rig.unfinished()).toBe(0);
    }
  );

  test.runIf(rig.available)(
    'that ends its workers is parked too, while others get their jobs done',
    { timeout: 600_000 },
    async () => {
      await rig.ask(deadlyJob, 'deadly');
      for (let n = 0; n < 40; n += 1) await rig.ask(effectJob, `job ${n}`);
      await relayWaiting(rig.open());
      let deaths = 0;
      const done = async () => (await letters()).length > 0;
      while (!(await done()) && deaths <= DEATHS + 1) {
        const child = await rig.startChild(`victim ${deaths}`, DEATHS);
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        await vi.waitFor(
          async () => {
            expect(child.signalCode !== null || (await done())).toBe(true);
          },
          { timeout: 60_000, interval: 100 }
        );
        if (child.signalCode !== null) await ended;
        deaths += 1;
      }
      console.info(`${backend}: given up after ${deaths} dead workers`);
      expect(await letters()).toMatchObject([{ job: deadlyJob.name }]);
      await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
      expect(await rig.keys()).toHaveLength(40);
    }
  );
});
