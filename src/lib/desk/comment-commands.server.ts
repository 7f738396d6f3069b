import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { addCommentInput } from './inputs.ts';
import type { CommentSubject } from './model.ts';
import { comments, queries, serviceRequests } from './schema.server.ts';

/** Writes a comment on something the actor is known to see. */
export async function addRemark(
  tx: Tx,
  actor: Actor,
  subjectKind: CommentSubject,
  subjectId: number,
  body: string
): Promise<{ id: number }> {
  const [row] = await tx
    .insert(comments)
    .values({ subjectKind, subjectId, authorId: actor.userId, body })
    .returning({ id: comments.id });
  if (!row) throw new NotFound();
  return row;
}

/** Whoever sees a query or a request may say something about it. */
export async function addComment(
  tx: Tx,
  actor: Actor,
  { subjectKind, subjectId, body }: z.infer<typeof addCommentInput>
): Promise<{ id: number }> {
  const table = subjectKind === 'query' ? queries : serviceRequests;
  const [subject] = await tx.select({ id: table.id }).from(table).where(eq(table.id, subjectId));
  if (!subject) throw new NotFound();
  return addRemark(tx, actor, subjectKind, subjectId, body);
}
