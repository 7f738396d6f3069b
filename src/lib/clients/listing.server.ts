import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { decodeCursor } from '#lib/platform/db/keyset.server.ts';
import { URGENT_AFTER_DAYS, WARNING_AFTER_DAYS, type Attention } from './attention.ts';
import type { ClientSort, ListClientsInput } from './model.ts';

/** A list of clients as asked for, in the form its statements are made of. */
export interface Listing {
  /** Whose entries in `client_access` lead to the clients; null reads the clients themselves. */
  principals: number[] | null;
  filters: SQL[];
  by: ClientSort;
  direction: 'asc' | 'desc';
  after: [string, number] | null;
  limit: number;
}

export const firmZone = sql`(select coalesce(max(time_zone), 'Asia/Kolkata') from firm_settings)`;
const firmToday = sql`(now() at time zone ${firmZone})::date`;
const firmMidnight = (daysAgo: number) =>
  sql`(select (${firmToday} - ${daysAgo}::int)::timestamp at time zone ${firmZone})`;

/** Whole days in the firm's zone since the last contact of the client `c`. */
export const daysSinceContact = sql`(${firmToday} - (c.last_contact_at at time zone ${firmZone})::date)`;

const ATTENTION_FILTERS: Record<Attention, SQL> = {
  never: sql`c.last_contact_at is null`,
  urgent: sql`c.last_contact_at < ${firmMidnight(URGENT_AFTER_DAYS)}`,
  warning: sql`c.last_contact_at >= ${firmMidnight(URGENT_AFTER_DAYS)} and c.last_contact_at < ${firmMidnight(WARNING_AFTER_DAYS)}`,
  fine: sql`c.last_contact_at >= ${firmMidnight(WARNING_AFTER_DAYS)}`
};

/** What is sorted by, never null, and how to read it back from a cursor. */
export const SORT_KEYS: Record<ClientSort, { key: SQL; type: SQL }> = {
  name: { key: sql`c.sort_name`, type: sql`text` },
  lastContact: { key: sql`coalesce(c.last_contact_at, '-infinity')`, type: sql`timestamptz` },
  nextReview: { key: sql`coalesce(c.next_review_on, 'infinity')`, type: sql`date` },
  created: { key: sql`c.created_at`, type: sql`timestamptz` }
};

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

export function listingOf(
  actor: Actor,
  { filter = {}, sort, cursor, limit = 50 }: ListClientsInput
): Listing {
  const place = decodeCursor(cursor, 2);
  const filters: SQL[] = [];
  const { q, rmId, type, tier, tag, lifecycle, attention } = filter;
  if (q) filters.push(sql`c.id in (select f.id from app.find_clients(${q}, ${MOST_FOUND}) f)`);
  if (rmId !== undefined) filters.push(sql`(c.primary_rm_id = ${rmId} or c.secondary_rm_id = ${rmId})`);
  if (type) filters.push(sql`c.type = ${type}`);
  if (tier) filters.push(sql`c.tier = ${tier}`);
  if (tag)
    filters.push(sql`exists (select 1 from client_tags t where t.client_id = c.id and t.tag = ${tag})`);
  if (lifecycle) filters.push(sql`c.lifecycle = ${lifecycle}`);
  if (attention) filters.push(ATTENTION_FILTERS[attention]);
  return {
    principals: principalsOf(actor, rmId),
    filters,
    by: sort?.by ?? 'name',
    direction: sort?.direction ?? 'asc',
    after: place && [String(place[0]), Number(place[1])],
    limit
  };
}

/** One RM's clients are read through his own entries, which a point of contact always has. */
function principalsOf(actor: Actor, rmId: number | undefined): number[] | null {
  if (rmId !== undefined && (actor.seesAll || actor.visibleUserIds.includes(rmId))) return [rmId];
  if (actor.seesAll) return null;
  const teams = new Set([...actor.teamIds, ...actor.headedTeamIds]);
  return [...actor.visibleUserIds, ...[...teams].map((id) => -id)];
}

const where = (conditions: SQL[]) =>
  conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;

const idList = (ids: number[]) => sql`${`{${ids.join(',')}}`}::bigint[]`;

/** The ids of one page and one more, as a query with the columns `id` and `key`. */
export function pageQuery(listing: Listing): SQL {
  const { principals, by, direction } = listing;
  return principals && by === 'name'
    ? throughAccess(listing, principals, sql.raw(direction))
    : throughClients(listing, sql.raw(direction));
}

/** Walks every principal's entries in the order of names and merges them: a page costs a page, not a book. */
function throughAccess({ filters, direction, after, limit }: Listing, principals: number[], order: SQL): SQL {
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  const conditions = [sql`a.principal = p.principal`, ...filters];
  if (after) conditions.push(sql`(a.sort_name, a.client_id) ${beyond} (${after[0]}, ${after[1]}::bigint)`);
  const joined = filters.length > 0 ? sql`join clients c on c.id = a.client_id` : sql``;
  return sql`
    select m.client_id as id, m.sort_name as key
    from unnest(${idList(principals)}) p(principal) cross join lateral (
      select a.client_id, a.sort_name from client_access a ${joined} ${where(conditions)}
      order by a.sort_name ${order}, a.client_id ${order} limit ${limit + 1}
    ) m
    group by m.sort_name, m.client_id
    order by m.sort_name ${order}, m.client_id ${order} limit ${limit + 1}`;
}

function throughClients({ principals, filters, by, direction, after, limit }: Listing, order: SQL): SQL {
  const { key, type } = SORT_KEYS[by];
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  const conditions = [...reachedThrough(principals), ...filters];
  if (after) conditions.push(sql`(${key}, c.id) ${beyond} (${after[0]}::${type}, ${after[1]}::bigint)`);
  return sql`
    select c.id, ${key} as key from clients c ${where(conditions)}
    order by ${key} ${order}, c.id ${order} limit ${limit + 1}`;
}

const reachedThrough = (principals: number[] | null) =>
  principals
    ? [sql`c.id in (select a.client_id from client_access a where a.principal = any (${idList(principals)}))`]
    : [];

/** All clients of the list, as a query with the column `id`; up to `most` where given. */
export function wholeQuery({ principals, filters }: Listing, most?: number): SQL {
  const limit = most === undefined ? sql`` : sql`limit ${most}`;
  if (principals && filters.length === 0)
    return sql`select distinct a.client_id as id from client_access a where a.principal = any (${idList(principals)}) ${limit}`;
  return sql`select c.id from clients c ${where([...reachedThrough(principals), ...filters])} ${limit}`;
}
