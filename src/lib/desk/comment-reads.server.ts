import { and, asc, desc, eq, lt, ne, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { COUNTED } from '#lib/platform/db/owned.server.ts';
import { pageOf } from '#lib/platform/db/sorting.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import type { listCommentsInput, mentionableInput } from './inputs.ts';
import { typedNames, unnamed, type Mention } from './mentions.ts';
import type { CommentSubject } from './model.ts';
import { comments, queries, serviceRequests } from './schema.server.ts';

const SHOWN = 100;
const OFFERED = 8;
/** Whether a colleague sees the record is asked for this many at most. */
const CONSIDERED = 100;

const columns = {
  id: comments.id,
  body: comments.body,
  createdAt: comments.createdAt,
  author: { id: users.id, name: users.name },
  mentions: comments.mentions
};

const about = (kind: CommentSubject, id: number) =>
  and(eq(comments.subjectKind, kind), eq(comments.subjectId, id));

/** Who could not be told is the author's to know, and which `@` tells nobody. */
function forReader<Row extends { body: string; author: { id: number }; mentions: Mention[] }>(
  actor: Actor,
  row: Row
) {
  const own = row.author.id === actor.userId;
  const { body, mentions } = row;
  return {
    ...row,
    mentions: mentions.map((mention) => ({ ...mention, told: mention.told || !own })),
    nobody: own ? unnamed(body, typedNames(mentions)).map(({ text }) => text) : []
  };
}

/** The newest comments on a record, newest first. */
export async function latestComments(tx: Tx, actor: Actor, kind: CommentSubject, id: number) {
  const rows = await tx
    .select(columns)
    .from(comments)
    .innerJoin(users, eq(users.id, comments.authorId))
    .where(about(kind, id))
    .orderBy(desc(comments.id))
    .limit(SHOWN);
  return rows.map((row) => forReader(actor, row));
}

function beforeId(cursor: string | undefined) {
  if (!cursor) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw new RuleViolation('This page of the list cannot be found');
  return lt(comments.id, Number(cursor));
}

/** Comments on a record, newest first; none where the record is hidden or missing. */
export async function listComments(
  tx: Tx,
  actor: Actor,
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
  return {
    ...page,
    items: page.items.map((row) => forReader(actor, row)),
    nextCursor: page.nextCursor && String(page.items.at(-1)?.id)
  };
}

export interface Commented {
  kind: CommentSubject;
  id: number;
  number: string;
  /** Who has the work. */
  ownerId: number | null;
}

/** The record to comment on; NotFound where the actor does not see it. */
export async function mustSeeSubject(tx: Tx, kind: CommentSubject, id: number): Promise<Commented> {
  const found =
    kind === 'query'
      ? tx.select({ number: queries.number, ownerId: queries.rmId }).from(queries).where(eq(queries.id, id))
      : tx
          .select({ number: serviceRequests.number, ownerId: serviceRequests.assigneeId })
          .from(serviceRequests)
          .where(eq(serviceRequests.id, id));
  const [subject] = await found;
  if (!subject) throw new NotFound();
  return { kind, id, ...subject };
}

/** Everybody who commented on the record. */
export async function authorsOn(tx: Tx, kind: CommentSubject, id: number): Promise<number[]> {
  const rows = await tx.selectDistinct({ id: comments.authorId }).from(comments).where(about(kind, id));
  return rows.map((row) => row.id);
}

/** May the user of this row see the record? */
export const seesSubject = (kind: CommentSubject, id: number): SQL<boolean> =>
  kind === 'query'
    ? sql<boolean>`coalesce(app.user_sees_query(${users.id}, ${id}), false)`
    : sql<boolean>`coalesce(app.user_sees_request(${users.id}, ${id}), false)`;

/** Colleagues to name in a comment, those who may see the record first. */
export async function mentionableColleagues(
  tx: Tx,
  actor: Actor,
  { subjectKind, subjectId, q = '' }: z.infer<typeof mentionableInput>
) {
  await mustSeeSubject(tx, subjectKind, subjectId);
  const offered = tx
    .select({
      id: users.id,
      name: users.name,
      team: sql<string | null>`${teams.name}`.as('team'),
      sees: seesSubject(subjectKind, subjectId).as('sees')
    })
    .from(users)
    .leftJoin(teams, eq(teams.id, users.mainTeamId))
    .where(
      and(
        eq(users.active, true),
        ne(users.id, actor.userId),
        q ? sql`lower(${users.name}) like app.like_pattern(${q})` : undefined
      )
    )
    .orderBy(asc(users.name), asc(users.id))
    .limit(CONSIDERED)
    .as('offered');
  return tx
    .select()
    .from(offered)
    .orderBy(desc(offered.sees), asc(offered.name), asc(offered.id))
    .limit(OFFERED);
}
