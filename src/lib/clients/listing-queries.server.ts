import { sql, type SQL } from 'drizzle-orm';
import { SORT_KEYS, type Listing } from './listing.server.ts';

const where = (conditions: SQL[]) =>
  conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;

const idList = (ids: number[]) => sql`${`{${ids.join(',')}}`}::bigint[]`;

const active = (listing: Listing) => (listing.activeOnly ? [sql`c.lifecycle = 'active'`] : []);

const activeEntries = (listing: Listing) => (listing.activeOnly ? [sql`a.active`] : []);

/** The ids of one page and one more, as a query with the columns `id` and `key`. */
export function pageQuery(listing: Listing): SQL {
  const { principals, by, direction } = listing;
  if (principals && by === 'name') return throughAccess(listing, principals, sql.raw(direction));
  return !principals && by === 'rm'
    ? throughBooks(listing, sql.raw(direction))
    : throughClients(listing, sql.raw(direction));
}

const beyond = ({ direction }: Listing) => sql.raw(direction === 'asc' ? '>' : '<');

/** Walks every principal's entries in the order of names and merges them: a page costs a page, not a book. */
function throughAccess(listing: Listing, principals: number[], order: SQL): SQL {
  const { filters, after, limit } = listing;
  const conditions = [sql`a.principal = p.principal`, ...activeEntries(listing), ...filters];
  if (after)
    conditions.push(sql`(a.sort_name, a.client_id) ${beyond(listing)} (${after[0]}, ${after[1]}::bigint)`);
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

function throughClients(listing: Listing, order: SQL): SQL {
  const { principals, filters, by, after, limit } = listing;
  const { key, type } = SORT_KEYS[by];
  const conditions = [...reachedThrough(principals), ...active(listing), ...filters];
  if (after)
    conditions.push(sql`(${key}, c.id) ${beyond(listing)} (${after[0]}::${type}, ${after[1]}::bigint)`);
  return sql`
    select c.id, ${key} as key from clients c ${where(conditions)}
    order by ${key} ${order}, c.id ${order} limit ${limit + 1}`;
}

/** By the RM's name for those who see everybody: a page's worth of each book, and of those whom nobody has. */
function throughBooks(listing: Listing, order: SQL): SQL {
  const { filters, after, limit } = listing;
  const place = after && sql`(b.key, c.id) ${beyond(listing)} (${after[0]}, ${after[1]}::bigint)`;
  const book = (of: SQL) => sql`
    select c.id from clients c ${where([of, ...active(listing), ...filters, ...(place ? [place] : [])])}
    order by c.id ${order} limit ${limit + 1}`;
  return sql`
    select id, key from (
      select m.id, b.key from (select u.id, lower(u.name) as key from users u) b
        cross join lateral (${book(sql`c.primary_rm_id = b.id`)}) m
      union all
      select m.id, b.key from (select '' as key) b cross join lateral (${book(sql`c.primary_rm_id is null`)}) m
    ) found
    order by key ${order}, id ${order} limit ${limit + 1}`;
}

const reachedThrough = (principals: number[] | null) =>
  principals
    ? [sql`c.id in (select a.client_id from client_access a where a.principal = any (${idList(principals)}))`]
    : [];

/** All clients of the list, as a query with the column `id`; up to `most` where given. */
export function wholeQuery(listing: Listing, most?: number): SQL {
  const { principals, filters } = listing;
  const limit = most === undefined ? sql`` : sql`limit ${most}`;
  if (principals && filters.length === 0) {
    const reached = where([sql`a.principal = any (${idList(principals)})`, ...activeEntries(listing)]);
    return sql`select distinct a.client_id as id from client_access a ${reached} ${limit}`;
  }
  const conditions = [...reachedThrough(principals), ...active(listing), ...filters];
  return sql`select c.id from clients c ${where(conditions)} ${limit}`;
}
