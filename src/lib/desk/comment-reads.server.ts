import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { COUNTED } from '#lib/platform/db/owned.server.ts';
import { pageOf } from '#lib/platform/db/sorting.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { users } from '#lib/people/schema.server.ts';
import type { listCommentsInput } from './inputs.ts';
import type { CommentSubject } from './model.ts';
import { comments } from './schema.server.ts';

const SHOWN = 100;

const columns = {
  id: comments.id,
  body: comments.body,
  createdAt: comments.createdAt,
  author: { id: users.id, name: users.name }
};

const about = (kind: CommentSubject, id: number) =>
  and(eq(comments.subjectKind, kind), eq(comments.subjectId, id));

/** The newest comments on a record, newest first. */
export function latestComments(tx: Tx, kind: CommentSubject, id: number) {
  return tx
    .select(columns)
    .from(comments)
    .innerJoin(users, eq(users.id, comments.authorId))
    .where(about(kind, id))
    .orderBy(desc(comments.id))
    .limit(SHOWN);
}

function beforeId(cursor: string | undefined) {
  if (!cursor) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw new RuleViolation('This page of the list cannot be found');
  return lt(comments.id, Number(cursor));
}

/** Comments on a record, newest first; none where the record is hidden or missing. */
export async function listComments(
  tx: Tx,
  { filter, cursor, limit = 50 }: z.infer<typeof listCommentsInput>
) {
  const mine = about(filter.subjectKind, filter.subjectId);
  const rows = await tx
    .select({ ...columns, cursorKey: sql<null>`null` })
    .from(comments)
    .innerJoin(users, eq(users.id, comments.authorId))
    .where(and(mine, beforeId(cursor)))
    .orderBy(desc(comments.id))
    .limit(limit + 1);
  const counted = tx
    .select({ id: comments.id })
    .from(comments)
    .where(mine)
    .limit(COUNTED + 1)
    .as('counted');
  const [{ total } = { total: 0 }] = await tx.select({ total: sql<number>`count(*)::int` }).from(counted);
  const page = pageOf(rows, limit, { total, totalIsEstimate: total > COUNTED });
  return { ...page, nextCursor: page.nextCursor && String(page.items.at(-1)?.id) };
}
