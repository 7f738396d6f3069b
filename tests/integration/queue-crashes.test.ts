import { describe, expect, test, vi } from 'vitest';
import { relayForgotten, relayWaiting } from '#lib/platform/jobs/relay.server.ts';
import { effectJob, leave, slowJob } from '../support/queue-jobs.ts';
import { patience, useQueueRig, useQueueServices } from '../support/queue-rig.ts';

const { admin } = useQueueServices();

describe.each(['postgres', 'redis'] as const)('with the queue on %s', (backend) => {
  const rig = useQueueRig(backend);

  test.runIf(rig.available)('gives a job whose worker was killed to another, with one effect', async () => {
    const victim = await rig.startChild('victim');
    await rig.ask(slowJob, 'survivor');
    await relayWaiting(rig.open());
    await vi.waitFor(async () => expect(await rig.keys()).toEqual(['started:survivor']), patience);
    await rig.kill(victim);
    await leave('gate:survivor', 'test');
    rig.startWorker('heir');
    await vi.waitFor(async () => expect(await rig.keys()).toContain('survivor'), patience);
    await vi.waitFor(async () => expect(await rig.unfinished()).toBe(0), patience);
    expect((await rig.effects()).find(({ key }) => key === 'survivor')).toMatchObject({
      worker: 'heir',
      deliveries: 1
    });
  });

  test.runIf(rig.available)('survives more kills than the library allows by default', async () => {
    await rig.ask(slowJob, 'tough');
    await relayWaiting(rig.open());
    for (const name of ['first', 'second', 'third']) {
      const victim = await rig.startChild(name);
      await vi.waitFor(async () => {
        const [started] = await admin()`select deliveries from effects where key = 'started:tough'`;
        expect(started?.deliveries).toBe(['first', 'second', 'third'].indexOf(name) + 1);
      }, patience);
      await rig.kill(victim);
    }
    await leave('gate:tough', 'test');
    rig.startWorker('heir');
    await vi.waitFor(async () => expect(await rig.keys()).toContain('tough'), patience);
    expect(await admin()`select 1 from dead_letters`).toHaveLength(0);
  });

  test.runIf(rig.available)(
    'lets running jobs finish when it stops, and gives back what takes too long',
    async () => {
      const stopping = rig.startWorker('a');
      await rig.ask(slowJob, 'quick enough');
      await rig.ask(slowJob, 'too long');
      await relayWaiting(rig.open());
      await vi.waitFor(async () => expect(await rig.keys()).toHaveLength(2), patience);
      const stopped = stopping.stop(1_000);
      await leave('gate:quick enough', 'test');
      await stopped;
      expect(await rig.keys()).toContain('quick enough');
      const counts = await rig.open().queue('work').getJobCounts('waiting', 'active');
      expect(counts).toEqual({ waiting: 1, active: 0 });
      await leave('gate:too long', 'test');
      rig.startWorker('b');
      await vi.waitFor(async () => expect(await rig.keys()).toContain('too long'), patience);
    }
  );

  test.runIf(rig.available)('offers again what a queue with a lost memory forgot', async () => {
    await rig.ask(effectJob, 'forgotten');
    const lost = rig.open();
    await relayWaiting(lost);
    await rig.forgetEverything();
    rig.startWorker('a');
    expect(await relayWaiting(rig.open())).toBe(0);
    await admin()`update job_outbox set relayed_at = now() - interval '1 hour', run_at = now() - interval '1 hour'`;
    expect(await relayForgotten(rig.open(), 60_000)).toBe(1);
    await vi.waitFor(async () => expect(await rig.keys()).toEqual(['forgotten']), patience);
  });

  test.runIf(rig.available)('goes on after all its connections were cut', async () => {
    rig.startWorker('a');
    const queues = rig.open();
    await rig.ask(effectJob, 'before');
    await relayWaiting(queues);
    await vi.waitFor(async () => expect(await rig.keys()).toEqual(['before']), patience);
    await rig.cutConnections();
    await vi.waitFor(async () => {
      if ((await rig.unfinished()) === 0) await rig.ask(effectJob, 'after');
      await relayWaiting(queues);
    }, patience);
    await vi.waitFor(async () => expect(await rig.keys()).toContain('after'), patience);
  });
});
