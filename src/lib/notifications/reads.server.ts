import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { pageOf, type aboutInput, type listNotificationsInput } from './model.ts';
import { promisesOf } from './promises.server.ts';
import { notificationMutes, notifications } from './schema.server.ts';

const COUNTED = 1000;

const columns = {
  id: notifications.id,
  kind: notifications.kind,
  subjectKind: notifications.subjectKind,
  subjectId: notifications.subjectId,
  title: notifications.title,
  body: notifications.body,
  reason: notifications.reason,
  createdAt: notifications.createdAt,
  readAt: notifications.readAt
};

/** The person's notifications, newest first. The person is named, since administrators see every row. */
export async function listNotifications(
  tx: Tx,
  userId: number,
  { filter, cursor, limit = 50 }: z.output<typeof listNotificationsInput>
) {
  const mine = and(
    eq(notifications.userId, userId),
    filter?.unread ? isNull(notifications.readAt) : undefined,
    filter?.kind && eq(notifications.kind, filter.kind)
  );
  const rows = await tx
    .select({
      ...columns,
      muted: sql<boolean>`exists (select 1 from ${notificationMutes} m where m.user_id = ${notifications.userId}
        and m.subject_kind = ${notifications.subjectKind} and m.subject_id = ${notifications.subjectId})`
    })
    .from(notifications)
    .where(and(mine, cursor ? lt(notifications.id, Number(cursor)) : undefined))
    .orderBy(desc(notifications.id))
    .limit(limit + 1);
  const counted = tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(mine)
    .limit(COUNTED + 1)
    .as('counted');
  const [{ total } = { total: 0 }] = await tx.select({ total: sql<number>`count(*)::int` }).from(counted);
  const items = rows.slice(0, limit).map((row) => ({ ...row, page: pageOf(row) }));
  return {
    items,
    nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null,
    total,
    totalIsEstimate: total > COUNTED
  };
}

/** One of the person's own notifications, with the promises it speaks of where it is about many. */
export async function notificationById(tx: Tx, userId: number, id: number) {
  const [row] = await tx
    .select(columns)
    .from(notifications)
    .where(and(eq(notifications.id, id), eq(notifications.userId, userId)));
  if (!row) throw new NotFound();
  const promises = row.subjectKind === 'promises' ? await promisesOf(tx, userId, id) : [];
  return { ...row, page: pageOf(row), promises };
}

/** Whether the person muted a record, and how much about it he has not read. */
export async function standingOf(tx: Tx, userId: number, { kind, id }: z.output<typeof aboutInput>) {
  const [row] = await tx.execute<{ muted: boolean; unread: number }>(sql`
    select exists (select 1 from notification_mutes m
        where m.user_id = ${userId} and m.subject_kind = ${kind} and m.subject_id = ${id}) as muted,
      (select count(*) from notifications n where n.user_id = ${userId} and n.subject_kind = ${kind}
        and n.subject_id = ${id} and n.read_at is null)::int as unread`);
  return row ?? { muted: false, unread: 0 };
}
