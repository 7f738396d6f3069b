import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { promisesOn } from './promises.ts';
import { mintLead } from './records.ts';
import { firm } from './test-firm.ts';

/** The same for all that a test file compares, in whole seconds. */
export const NOW = Math.floor(Date.now() / 1000) * 1000;
export const DAY = 86_400_000;
export const daysAgo = (days: number) => new Date(NOW - days * DAY);
/** The date so many days ahead, where the firm is. */
export const inDays = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(daysAgo(-days));

/** What the RM of `ourLead` and his head may do with leads. */
export const rm = () => callerFor(firm.rm).leads;
export const head = () => callerFor(firm.rmHead).leads;

/** A lead of the firm's RM since three days. */
export const ourLead = (values: Parameters<typeof mintLead>[0] = {}) =>
  mintLead({ conversionRmId: firm.rm.userId, createdAt: daysAgo(3), ...values });

/** Its RM rang. */
export const contact = (id: number, values: { missed?: boolean; nextFollowUpOn?: string } = {}) =>
  rm().logContact({ id, channel: 'call', subject: 'Wants a SIP', ...values });

/** Its RM makes it a client of a new name; returns the client's id. */
export async function convert(id: number): Promise<number> {
  const answer = await rm().convert({
    id,
    productId: firm.productId,
    client: { name: 'New One', panExemptReason: 'Abroad' }
  });
  if (answer.outcome !== 'converted') throw new Error('It was not converted');
  return answer.client.id;
}

/** What is promised on a lead for that target, the oldest round first, once the worker has looked at it. */
export async function promisesFor(id: number, target: string) {
  await refreshClocks();
  return (await promisesOn('lead', id)).filter((clock) => clock.target === target);
}
