import { subscribe } from 'node:diagnostics_channel';
import { POINTS_CHANNEL } from '#lib/platform/jobs/points.ts';
import { runWorkers } from '../../../workers/composition.ts';

/**
 * A worker process as in production that kills itself when the work comes to a point for the nth time: `DRILL_POINT`,
 * `DRILL_NTH`. `DRILL_LOCK` shortens the time after which the jobs of the dead go to others, in milliseconds.
 */
const { DRILL_POINT: point, DRILL_NTH: nth = '1', DRILL_LOCK: lock } = process.env;
let left = Number(nth);
subscribe(POINTS_CHANNEL, (message) => {
  if (message === point && --left === 0) process.kill(process.pid, 'SIGKILL');
});
const patience = lock ? { lockDuration: Number(lock), stalledInterval: Number(lock) / 2 } : {};
await runWorkers({ work: { concurrency: 3, ...patience }, mail: { concurrency: 2, ...patience } });
