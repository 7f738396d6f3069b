import { asc, eq } from 'drizzle-orm';
import { startClocks } from '#lib/clocks/commands.server.ts';
import type { Subject } from '#lib/clocks/model.ts';
import { escalations } from '#lib/clocks/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintWork } from './escalating.ts';
import { firm } from './test-firm.ts';

/** So long that every step of every policy has come. */
export const longAgo = new Date(Date.now() - 60 * 24 * 3_600_000);

/** A request, opened long ago unless told otherwise, with its clocks. */
export async function newRequest({
  at = longAgo,
  ...work
}: Parameters<typeof mintWork>[0] & { at?: Date } = {}): Promise<Subject> {
  const { id, clientId } = await mintWork(work);
  const subject: Subject = {
    kind: 'request',
    id,
    clientId,
    requestTypeId: firm.requestTypeId,
    priority: 'normal'
  };
  await asSystem((tx) => startClocks(tx, subject, { at }));
  return subject;
}

/** What a person was told in the app, the oldest first. */
export const told = (person: { userId: number }) =>
  asSystem((tx) =>
    tx
      .select()
      .from(notifications)
      .where(eq(notifications.userId, person.userId))
      .orderBy(asc(notifications.id))
  );

/** What everybody was told. */
export const everybodyTold = () =>
  asSystem((tx) => tx.select().from(notifications).orderBy(asc(notifications.id)));

/** The steps that were carried out, the first one first. */
export const carriedOut = () => asSystem((tx) => tx.select().from(escalations).orderBy(asc(escalations.id)));
