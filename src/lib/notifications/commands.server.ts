import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { NotificationSubject } from './model.ts';
import { notifications } from './schema.server.ts';

export interface Telling {
  /** What it is about: the same key never reaches the same person twice. */
  key: string;
  userIds: number[];
  /** A short word for the person's choices: `assigned`, `escalation`, `duplicate`. */
  kind: string;
  subject: { kind: NotificationSubject; id: number } | null;
  title: string;
  body?: string;
  /** Why this person is told, as a sentence. */
  reason: string;
}

/** Tells people inside the app, once each. A trigger wakes their open pages when the transaction commits. */
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

/** Marks the person's notifications read: those named, or all. Returns how many changed. */
export async function markRead(tx: Tx, userId: number, ids?: number[]): Promise<number> {
  const changed = await tx
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(
      and(
        eq(notifications.userId, userId),
        isNull(notifications.readAt),
        ids ? inArray(notifications.id, ids) : undefined
      )
    )
    .returning({ id: notifications.id });
  return changed.length;
}
