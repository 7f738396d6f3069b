import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { pageOf } from './model.ts';
import { notifications } from './schema.server.ts';

interface Listing {
  filter?: { unread?: boolean | undefined } | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

const COUNTED = 1000;

/** The person's notifications, newest first. The person is named, since administrators see every row. */
export async function listNotifications(tx: Tx, userId: number, { filter, cursor, limit = 50 }: Listing) {
  const mine = and(
    eq(notifications.userId, userId),
    filter?.unread ? isNull(notifications.readAt) : undefined
  );
  const rows = await tx
    .select({
      id: notifications.id,
      kind: notifications.kind,
      subjectKind: notifications.subjectKind,
      subjectId: notifications.subjectId,
      title: notifications.title,
      body: notifications.body,
      reason: notifications.reason,
      createdAt: notifications.createdAt,
      readAt: notifications.readAt
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
