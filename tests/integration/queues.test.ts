import { describe, expect, test, vi } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { openQueues } from '#lib/platform/jobs/queues.server.ts';
import { relayForgotten, relayWaiting } from '#lib/platform/jobs/relay.server.ts';
import { ensureTick } from '#lib/platform/jobs/tick.server.ts';
import { effectJob, failingJob, flakyJob, leave, slowJob } from '../support/queue-jobs.ts';
import { patience, useQueueRig, useQueueServices } from '../support/queue-rig.ts';

const { admin, database } = useQueueServices();

describe.each(['postgres', 'redis'] as const)('the queue on %s', (backend) => {
  const rig = useQueueRig(backend);

  test.runIf(rig.available)(
    'delivers a job once its transaction has committed, and never when it has not',
    async () => {
      rig.startWorker('a');
      const failed = asSystem(async (tx) => {
        await enqueue(tx, effectJob, { key: 'rolled back' });
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      await rig.ask(effectJob, 'committed');
      await relayWaiting(rig.open());
      await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
      expect(await rig.keys()).toEqual(['committed']);
    }
  );

  test.runIf(rig.available)('refuses a payload that does not fit', async () => {
    await expect(rig.ask(effectJob, 7 as unknown as string)).rejects.toThrow();
    expect(await rig.unfinished()).toBe(0);
  });

  test.runIf(rig.available)('delivers a delayed job when it is due, not before', async () => {
    rig.startWorker('a');
    const due = Date.now() + 1_500;
    await rig.ask(effectJob, 'later', new Date(due));
    await rig.ask(effectJob, 'now');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await rig.keys()).toContain('now'), patience);
    expect(Date.now()).toBeLessThan(due);
    expect(await rig.keys()).not.toContain('later');
    await vi.waitFor(async () => expect(await rig.keys()).toContain('later'), patience);
    expect(Date.now()).toBeGreaterThanOrEqual(due);
  });

  test.runIf(rig.available)('tries a failed job again', async () => {
    rig.startWorker('a');
    await rig.ask(flakyJob, 'second time lucky');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await rig.keys()).toEqual(['second time lucky']), patience);
  });

  test.runIf(rig.available)('keeps a dead letter after the last attempt', async () => {
    rig.startWorker('a');
    await rig.ask(failingJob, 'hopeless');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await admin()`select 1 from dead_letters`).toHaveLength(1), patience);
    const [letter] = await admin()`select queue, job, payload, error, attempts, retried_at from dead_letters`;
    expect(letter).toEqual({
      queue: 'work',
      job: 'test.failing',
      payload: { key: 'hopeless' },
      error: 'There is no such printer',
      attempts: 2,
      retried_at: null
    });
    expect(await rig.keys()).toEqual(['hopeless:1', 'hopeless:2']);
    expect(await rig.unfinished()).toBe(0);
  });

  test.runIf(rig.available)('delivers nothing twice when two relays hand over the same jobs', async () => {
    await asSystem(async (tx) => {
      for (let n = 0; n < 50; n += 1) await enqueue(tx, effectJob, { key: `job ${n}` });
    });
    const [one, other] = [rig.open(), rig.open()];
    const relayed = await Promise.all([relayWaiting(one), relayWaiting(other)]);
    expect(relayed[0] + relayed[1]).toBe(50);
    await relayForgotten(one, 0);
    rig.startWorker('a');
    await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
    const left = await rig.effects();
    expect(left).toHaveLength(50);
    expect(left.every(({ deliveries }) => deliveries === 1)).toBe(true);
  });

  test.runIf(rig.available)('skips a job that was delivered again after it was done', async () => {
    rig.startWorker('a');
    await rig.ask(effectJob, 'once');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
    const [row] = await admin()`select id from job_outbox`;
    const queue = rig.open().queue('work');
    const again = { outboxId: Number(row?.id), payload: { key: 'once' } };
    await queue.add('test.effect', again, { jobId: 'again', removeOnComplete: true });
    await rig.ask(effectJob, 'after it');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await rig.keys()).toContain('after it'), patience);
    expect((await rig.effects()).find(({ key }) => key === 'once')?.deliveries).toBe(1);
  });

  test.runIf(rig.available)('shares the work between two workers', async () => {
    rig.startWorker('a');
    rig.startWorker('b');
    for (let n = 0; n < 4; n += 1) await rig.ask(slowJob, `part ${n}`);
    await relayWaiting(rig.open());
    await vi.waitFor(async () => {
      const started = (await rig.effects()).filter(({ key }) => key.startsWith('started:'));
      expect(started.filter(({ worker }) => worker === 'a')).toHaveLength(2);
      expect(started.filter(({ worker }) => worker === 'b')).toHaveLength(2);
    }, patience);
    for (let n = 0; n < 4; n += 1) await leave(`gate:part ${n}`, 'test');
    await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
  });

  test.runIf(rig.available)('makes one tick for two workers', async () => {
    rig.startWorker('a');
    rig.startWorker('b');
    const [one, other] = [rig.open(), rig.open()];
    const tick = { name: 'test.effect', data: { outboxId: null, payload: { key: 'tick' } } };
    await Promise.all([one, other].map((queues) => ensureTick(queues, tick, '*/2 * * * * *')));
    const first = Date.now();
    const ticks = async () => (await rig.effects())[0]?.deliveries ?? 0;
    await vi.waitFor(async () => expect(await ticks()).toBe(3), patience);
    expect(Date.now() - first).toBeGreaterThan(3_000);
  });
});

describe('a queue that cannot be reached', () => {
  test('is there once it can be reached', async () => {
    const { databaseQueueUrl } = database();
    await admin()`revoke connect on database ${admin()(database().name)} from rapport_queue`;
    const queues = openQueues({ databaseQueueUrl, redisUrl: null });
    await expect(queues.reachable(5_000)).rejects.toThrow();
    await admin()`grant connect on database ${admin()(database().name)} to rapport_queue`;
    await expect(queues.reachable(5_000)).resolves.toBeUndefined();
    await queues.close();
  });

  test('keeps the job in the outbox, says so, and delivers it later', async () => {
    const away = openQueues({
      databaseQueueUrl: database().databaseQueueUrl,
      redisUrl: 'redis://127.0.0.1:1'
    });
    await asSystem((tx) => enqueue(tx, effectJob, { key: 'patient' }));
    await expect(relayWaiting(away)).rejects.toThrow('did not reach the queue');
    await expect(away.reachable(500)).rejects.toThrow();
    await away.close();
    const back = openQueues({ databaseQueueUrl: database().databaseQueueUrl, redisUrl: null });
    expect(await relayWaiting(back)).toBe(1);
    await back.close();
  });
});
