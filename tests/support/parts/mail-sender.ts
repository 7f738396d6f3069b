import { subscribe } from 'node:diagnostics_channel';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { POINTS_CHANNEL } from '#lib/platform/jobs/points.ts';
import { sendMail } from '#lib/platform/mail/sending.server.ts';

const [key = '', lastPoint] = process.argv.slice(2);

// Dies at the point that is the second argument, as a machine that loses its power.
subscribe(POINTS_CHANNEL, (point) => {
  if (point === lastPoint) process.kill(process.pid, 'SIGKILL');
});

/** Sends the mail whose key is the first argument, in a process of its own that a test may kill. */
await sendMail(key);
await closeDatabase();
