import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { NotificationKind } from './kinds.ts';
import type { markReadInput, NotificationSubject } from './model.ts';
import { notifications } from './schema.server.ts';

export interface Telling {
  /** What it is about: the same key never reaches the same person twice. */
  key: string;
  userIds: number[];
  /** What people choose by how they hear of it. */
  kind: NotificationKind;
  subject: { kind: NotificationSubject; id: number } | null;
  title: string;
  body?: string;
  /** Why this person is told, as a sentence. */
  reason: string;
}

/**
 * Tells people, once each, as each of them chose for the kind: in the app, also by mail at once or in a daily summary,
 * or not at all. Triggers apply the choices, wake open pages and ask for the mail, all when the transaction commits.
 */
export async function notify(tx: Tx, telling: Telling): Promise<void> {
  const { key, kind, subject, title, body, reason } = telling;
  const userIds = [...new Set(telling.userIds)];
  if (userIds.length === 0) return;
  await tx
    .insert(notifications)
    .values(
      userIds.map((userId) => ({
        key,
        userId,
        kind,
        subjectKind: subject?.kind ?? null,
        subjectId: subject?.id ?? null,
        title,
        body: body ?? null,
        reason
      }))
    )
    .onConflictDoNothing();
}

/** Marks the person's notifications read: those named, those about a record, or all. Returns how many changed. */
export async function markRead(
  tx: Tx,
  userId: number,
  { ids, about }: z.output<typeof markReadInput>
): Promise<number> {
  const changed = await tx
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(
      and(
        eq(notifications.userId, userId),
        isNull(notifications.readAt),
        ids && inArray(notifications.id, ids),
        about && eq(notifications.subjectKind, about.kind),
        about && eq(notifications.subjectId, about.id)
      )
    )
    .returning({ id: notifications.id });
  return changed.length;
}
