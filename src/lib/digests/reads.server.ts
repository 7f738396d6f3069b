import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { dateAt, tellsSince, type Day } from './days.server.ts';
import type { DigestContent, DigestKind, listDigestsInput, SectionKey } from './model.ts';
import { morningContent } from './morning.server.ts';
import { digests } from './schema.server.ts';
import { weeklyContent } from './weekly.server.ts';

/**
 * Administrators get the week of the firm, and who heads a team the morning of his people beside it; everybody else the
 * morning of his people or his own. The first is the usual one.
 */
export function kindsFor(actor: Actor): [DigestKind, ...DigestKind[]] {
  if (actor.level > 0) return ['morning'];
  return actor.headedTeamIds.length > 0 ? ['weekly', 'morning'] : ['weekly'];
}

/** The firm's today. */
export async function dayNow(tx: Tx): Promise<Day> {
  const [firm] = await tx.execute<{ timeZone: string; now: string }>(
    sql`select time_zone as "timeZone", now() as now from firm_settings`
  );
  if (!firm) throw new Error('The firm has no settings: the database was not set up');
  return { timeZone: firm.timeZone, date: dateAt(new Date(firm.now), firm.timeZone) };
}

/** What a person's digest says now, read under his identity. */
export async function contentNow(tx: Tx, actor: Actor, kind: DigestKind, day: Day): Promise<DigestContent> {
  if (kind === 'weekly') return weeklyContent(tx, actor, day);
  return morningContent(tx, actor, day, await tellsSince(tx, actor.userId, kind, day));
}

const QUIET: SectionKey[] = ['silent'];

/** Is there anything in it that somebody would want to be told? Clients without contact alone are no news. */
export const isWorthSending = ({ sections, promises }: DigestContent): boolean =>
  sections.some(({ key }) => !QUIET.includes(key)) || (promises?.whole.ended ?? 0) > 0;

/** The actor's digest as it would be now; his usual one unless told otherwise. */
export async function previewDigest(tx: Tx, actor: Actor, kind: DigestKind = kindsFor(actor)[0]) {
  const day = await dayNow(tx);
  const content = await contentNow(tx, actor, kind, day);
  return { onDate: day.date, content };
}

const mine = (actor: Actor) => eq(digests.userId, actor.userId);

/** The actor's own digests, newest first, those that said something. The person is named: administrators see every row. */
export async function listDigests(
  tx: Tx,
  actor: Actor,
  { cursor, limit = 50 }: z.infer<typeof listDigestsInput>
) {
  const said = and(mine(actor), inArray(digests.state, ['queued']));
  const rows = await tx
    .select({
      id: digests.id,
      kind: digests.kind,
      onDate: digests.onDate,
      asked: digests.asked,
      counts: digests.counts,
      createdAt: digests.createdAt
    })
    .from(digests)
    .where(and(said, cursor ? lt(digests.id, Number(cursor)) : undefined))
    .orderBy(desc(digests.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  return {
    items,
    nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null,
    total: await tx.$count(digests, said),
    totalIsEstimate: false
  };
}

/** One of the actor's own digests as it was. Throws NotFound. */
export async function digestById(tx: Tx, actor: Actor, id: number) {
  const [digest] = await tx
    .select({
      id: digests.id,
      onDate: digests.onDate,
      asked: digests.asked,
      createdAt: digests.createdAt,
      content: digests.content
    })
    .from(digests)
    .where(and(eq(digests.id, id), mine(actor)));
  if (!digest?.content) throw new NotFound();
  return { ...digest, content: digest.content };
}
