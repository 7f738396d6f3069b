import { subscribe } from 'node:diagnostics_channel';
import { POINTS_CHANNEL } from '#lib/platform/jobs/points.ts';
import { runWorkers } from '../../../workers/composition.ts';

/**
 * A worker process as in production that kills itself when the work comes to the point it was told: `{ point }` over
 * IPC. `DRILL_LOCK` shortens the time after which the jobs of the dead go to others, in milliseconds.
 */
let deadly: unknown = null;
process.on('message', (message: { point: unknown }) => (deadly = message.point));
subscribe(POINTS_CHANNEL, (point) => {
  if (point === deadly) process.kill(process.pid, 'SIGKILL');
});
// The parent's end of the channel must not keep us, and nobody shall outlive a drill that was interrupted.
process.channel?.unref();
process.on('disconnect', () => process.exit());

const lock = Number(process.env.DRILL_LOCK);
const patience = lock ? { lockDuration: lock, stalledInterval: lock / 2 } : {};
const tuning = { work: { concurrency: 3, ...patience }, mail: { concurrency: 2, ...patience } };
await runWorkers(tuning, lock ? { look: lock, check: lock, forgotten: 2 * lock } : undefined);
