import { sendMailJob } from '#lib/platform/mail/jobs.server.ts';
import { sendMail, sweepMail } from '#lib/platform/mail/sending.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';

export const mailHandlers = [handle(sendMailJob, ({ key }) => sendMail(key))];

export async function sweepOutgoingMail(): Promise<string | null> {
  const { unknown, woken } = await sweepMail();
  return unknown + woken === 0 ? null : `${woken} woken, ${unknown} with unknown fate`;
}
