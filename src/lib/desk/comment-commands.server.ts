import { and, eq, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { notify } from '#lib/notifications/commands.server.ts';
import { tellRemark } from '#lib/notifications/remarks.server.ts';
import { users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { authorsOn, mustSeeSubject, seesSubject, type Commented } from './comment-reads.server.ts';
import type { addCommentInput } from './inputs.ts';
import { mentioned, typedNames, unnamed, type Mention } from './mentions.ts';
import type { CommentSubject } from './model.ts';
import { comments } from './schema.server.ts';

/**
 * Writes a comment on something the actor is known to see, and tells whoever has the work and those who commented on
 * it before; who is mentioned hears of that alone.
 */
export async function addRemark(
  tx: Tx,
  actor: Actor,
  subject: Commented,
  body: string,
  mentions: Mention[] = []
): Promise<{ id: number }> {
  const { kind: subjectKind, id: subjectId, number, ownerId } = subject;
  const before = await authorsOn(tx, subjectKind, subjectId);
  const [row] = await tx
    .insert(comments)
    .values({ subjectKind, subjectId, authorId: actor.userId, body, mentions })
    .returning({ id: comments.id });
  if (!row) throw new NotFound();
  await tellRemark(tx, actor, {
    subject: { kind: subjectKind, id: subjectId },
    key: `comment:${row.id}`,
    title: `${actor.name} commented on ${number}`,
    body,
    concerned: [
      { userIds: [ownerId], reason: `This ${WORDS[subjectKind]} is yours` },
      { userIds: before, reason: `You commented on this ${WORDS[subjectKind]} before` }
    ],
    except: told(mentions)
  });
  return row;
}

const WORDS: Record<CommentSubject, string> = { query: 'query', request: 'service request' };

const told = (mentions: Mention[]) => mentions.filter((each) => each.told).map(({ userId }) => userId);

/**
 * Whoever sees a query or a request may say something about it. Colleagues named with an `@` are told, as far as
 * they may see the record themselves; `mentions` says who was not, and `nobody` what names no one who may see it.
 */
export async function addComment(
  tx: Tx,
  actor: Actor,
  { subjectKind, subjectId, body }: z.infer<typeof addCommentInput>
): Promise<{ id: number; mentions: Mention[]; nobody: string[] }> {
  const subject = await mustSeeSubject(tx, subjectKind, subjectId);
  const mentions = await mentionsIn(tx, actor, subjectKind, subjectId, body);
  const { id } = await addRemark(tx, actor, subject, body, mentions);
  await notify(tx, {
    key: `mention:${id}`,
    userIds: told(mentions),
    kind: 'mention',
    subject: { kind: subjectKind, id: subjectId },
    title: `${actor.name} mentioned you on ${subject.number}`,
    body: body.slice(0, 300),
    reason: `${actor.name} named you in a comment on this ${WORDS[subjectKind]}`
  });
  return { id, mentions, nobody: unnamed(body, typedNames(mentions)).map(({ text }) => text) };
}

async function mentionsIn(
  tx: Tx,
  actor: Actor,
  kind: CommentSubject,
  id: number,
  body: string
): Promise<Mention[]> {
  if (!body.includes('@')) return [];
  const people = await tx
    .select({ userId: users.id, name: users.name, told: seesSubject(kind, id) })
    .from(users)
    .where(
      and(
        eq(users.active, true),
        ne(users.id, actor.userId),
        sql`position('@' || lower(${users.name}) in lower(${body})) > 0`
      )
    );
  const whole = mentioned(body, people);
  return [...whole, ...(await byOneWord(tx, actor, { kind, id }, unnamed(body, typedNames(whole))))];
}

/**
 * A first name, or the whole name with dots, names the only colleague who bears it and may see the record; of those who
 * may not, nothing is said.
 */
async function byOneWord(
  tx: Tx,
  actor: Actor,
  { kind, id }: { kind: CommentSubject; id: number },
  words: ReturnType<typeof unnamed>
): Promise<Mention[]> {
  if (words.length === 0) return [];
  const rows = await tx.execute<{ typed: string; userId: number; name: string }>(sql`
    with words as (
      select w.text, lower(w.text) as word, w."mayGoOn" as may_go_on
      from jsonb_to_recordset(${JSON.stringify(words.slice(0, MOST_WORDS))}::text::jsonb) as w(text text, "mayGoOn" boolean)),
    named as (
      select w.text, ${users.id} as user_id, ${users.name} as name
      from words w
      join ${users} on ${users.active} and ${users.id} <> ${actor.userId}
      where (lower(split_part(${users.name}, ' ', 1)) = w.word and not w.may_go_on
        or replace(lower(${users.name}), ' ', '.') = w.word)
        and ${seesSubject(kind, id)})
    select text as typed, min(user_id)::int as "userId", min(name) as name
    from named group by text having count(*) = 1 order by text`);
  return [...rows].map(({ typed, userId, name }) => ({ userId, name, told: true, typed }));
}

/** More in one comment than these are looked up by nobody. */
const MOST_WORDS = 20;
