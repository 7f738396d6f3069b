import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { lockOpenWork } from './open-work.server.ts';
import { clientFor, clientsFor } from './reads.server.ts';
import { clientTags } from './schema.server.ts';

/** Replaces the client's tags; returns them as they are then. */
export async function setTags(
  tx: Tx,
  actor: Actor,
  input: { clientId: number; tags: string[] }
): Promise<string[]> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'book');
  await lockOpenWork(tx, [input.clientId]);
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
  await lockOpenWork(
    tx,
    clients.map(({ id }) => id)
  );
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

const MOST_OFFERED = 100;

/** What lists can be narrowed by beside the managed lists: tags and languages of clients the actor sees. */
export async function facetsOf(tx: Tx, actor: Actor): Promise<{ tags: string[]; languages: string[] }> {
  const [row] = await tx.execute<{ tags: string[]; languages: string[] }>(
    actor.seesAll ? everybodysFacets : facetsOfBook(actor)
  );
  return row ?? { tags: [], languages: [] };
}

/** Steps from each value to the next along the index: a table of any size is read as often as it has values. */
const steps = (table: string, column: string) => {
  const [from, name] = [sql.identifier(table), sql.identifier(column)];
  return sql`array(with recursive step as (
    (select x.${name} as value from ${from} x where x.${name} is not null order by x.${name} limit 1)
    union all
    select (select x.${name} from ${from} x where x.${name} > s.value order by x.${name} limit 1)
    from step s where s.value is not null
  ) select value from step where value is not null limit ${MOST_OFFERED})`;
};
const everybodysFacets = sql`select ${steps('client_tags', 'tag')} as tags, ${steps('clients', 'language')} as languages`;

const facetsOfBook = (actor: Actor) => sql`
  with book as materialized (
    select distinct a.client_id from client_access a where a.principal = any (${idArray(principals(actor))})
  )
  select array(select distinct t.tag from book b join client_tags t on t.client_id = b.client_id
      order by 1 limit ${MOST_OFFERED}) as tags,
    array(select distinct c.language from book b join clients c on c.id = b.client_id
      where c.language is not null order by 1 limit ${MOST_OFFERED}) as languages`;
