import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { clientFor, clientsFor } from './reads.server.ts';
import { clientTags } from './schema.server.ts';

/** Replaces the client's tags; returns them as they are then. */
export async function setTags(
  tx: Tx,
  actor: Actor,
  input: { clientId: number; tags: string[] }
): Promise<string[]> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'book');
  const tags = [...new Set(input.tags)].sort();
  const gone = tags.length > 0 ? notInArray(clientTags.tag, tags) : undefined;
  await tx.delete(clientTags).where(and(eq(clientTags.clientId, input.clientId), gone));
  const rows = tags.map((tag) => ({ clientId: input.clientId, tag }));
  if (rows.length > 0) await tx.insert(clientTags).values(rows).onConflictDoNothing();
  return tags;
}

/** Gives many clients one more tag; returns how many did not have it. */
export async function addTag(
  tx: Tx,
  actor: Actor,
  { ids, tag }: { ids: number[]; tag: string }
): Promise<{ added: number }> {
  const clients = await clientsFor(tx, actor, ids, 'clients.edit', 'book');
  const added = await tx
    .insert(clientTags)
    .values(clients.map(({ id }) => ({ clientId: id, tag })))
    .onConflictDoNothing()
    .returning({ clientId: clientTags.clientId });
  return { added: added.length };
}

export interface TagInUse extends Record<string, unknown> {
  tag: string;
  /** Clients the actor sees that have it. */
  clients: number;
}

/** Tags of clients the actor sees, those used most first. */
export async function tagsInUse(
  tx: Tx,
  actor: Actor,
  { q = '', limit = 20 }: { q?: string | undefined; limit?: number | undefined }
): Promise<TagInUse[]> {
  const like = sql`lower(t.tag) like app.like_pattern(${q})`;
  const rows = await tx.execute<TagInUse>(sql`
    select t.tag, count(*)::int as clients from ${reached(actor)} where ${q === '' ? sql`true` : like}
    group by t.tag order by 2 desc, 1 limit ${limit}`);
  return [...rows];
}

/** From the actor's own book to its tags: the policy alone would ask for every tag of the firm. */
const reached = (actor: Actor) =>
  actor.seesAll
    ? sql`client_tags t`
    : sql`(select distinct a.client_id from client_access a
        where a.principal = any (${idArray(principals(actor))})) b join client_tags t on t.client_id = b.client_id`;

const principals = ({ visibleUserIds, teamIds, headedTeamIds }: Actor) => [
  ...visibleUserIds,
  ...[...teamIds, ...headedTeamIds].map((id) => -id)
];

/** Languages of clients the actor sees, as they were typed. */
export async function languagesInUse(tx: Tx, actor: Actor): Promise<string[]> {
  const mine = actor.seesAll
    ? sql``
    : sql`and c.id in (select a.client_id from client_access a where a.principal = any (${idArray(principals(actor))}))`;
  const rows = await tx.execute<{ language: string }>(
    sql`select distinct c.language from clients c where c.language is not null ${mine} order by 1 limit 50`
  );
  return rows.map(({ language }) => language);
}
