import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { decodeCursor } from '#lib/platform/db/keyset.server.ts';
import type { ListInteractionsInput } from './model.ts';

/** A list of interactions as asked for. */
export interface Listing {
  /** The person whose clients and own entries it is made of; null reads the interactions themselves. */
  through: Pick<Actor, 'userId'> | null;
  filters: SQL[];
  beyond: SQL | null;
  /** The newest first, or the oldest. */
  newest: boolean;
  limit: number;
}

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

export function listingOf(actor: Actor, input: ListInteractionsInput): Listing {
  const { filter = {}, sort, cursor, limit = 50 } = input;
  const place = decodeCursor(cursor, 2);
  const newest = sort?.direction !== 'asc';
  const than = sql.raw(newest ? '<' : '>');
  // What a search found is what the actor sees already.
  const direct =
    actor.seesAll || filter.clientId !== undefined || filter.userId !== undefined || Boolean(filter.q);
  return {
    through: direct ? null : actor,
    filters: filtersOf(filter),
    beyond: place ? sql`(i.occurred_at, i.id) ${than} (${place[0]}::timestamptz, ${place[1]}::bigint)` : null,
    newest,
    limit
  };
}

/** Midnight at the start of a day in the firm's zone, some days later. */
const dayStart = (day: string, later = 0) =>
  sql`(select (${day}::date + ${later}::int)::timestamp at time zone time_zone from firm_settings)`;

function filtersOf(filter: NonNullable<ListInteractionsInput['filter']>): SQL[] {
  const { clientId, userId, purpose, channel, direction, q, from, to, fromDay, toDay } = filter;
  const filters: SQL[] = [];
  if (clientId !== undefined) filters.push(sql`i.client_id = ${clientId}`);
  if (userId !== undefined) filters.push(sql`i.user_id = ${userId}`);
  if (purpose) filters.push(sql`i.purpose = ${purpose}`);
  if (channel) filters.push(sql`i.channel = ${channel}`);
  if (direction) filters.push(sql`i.direction = ${direction}`);
  if (q) filters.push(sql`i.id in (select f.id from app.find_interactions(${q}, ${MOST_FOUND}) f)`);
  if (from) filters.push(sql`i.occurred_at >= ${from}`);
  if (to) filters.push(sql`i.occurred_at < ${to}`);
  if (fromDay) filters.push(sql`i.occurred_at >= ${dayStart(fromDay)}`);
  if (toDay) filters.push(sql`i.occurred_at < ${dayStart(toDay, 1)}`);
  return filters;
}

const where = (conditions: SQL[]) =>
  conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;

const mine = sql`(select distinct a.client_id from client_access a)`;

/** Books up to this many clients are read client by client; of larger ones a newest conversation is soon met. */
const SMALL_BOOK = 1000;

// The index has nulls last, and an order that leaves it out does not use it.
const ordered = ({ newest, limit }: Listing) =>
  newest
    ? sql`order by i.occurred_at desc nulls last, i.id desc nulls last limit ${limit + 1}`
    : sql`order by i.occurred_at asc nulls first, i.id asc nulls first limit ${limit + 1}`;

/** The ids of one page and one more, in order, as a query with the columns `id` and `occurred_at`. */
export function pageQuery(listing: Listing): SQL {
  const { through, filters, beyond } = listing;
  const conditions = beyond ? [...filters, beyond] : filters;
  const from = (...more: SQL[]) =>
    sql`select i.id, i.occurred_at from interactions i ${where([...more, ...conditions])} ${ordered(listing)}`;
  if (!through) return from();
  return sql`
    with book as materialized (select c.client_id from ${mine} c limit ${SMALL_BOOK + 1}),
    small as materialized (select count(*) <= ${SMALL_BOOK} as book from book)
    select i.id, i.occurred_at from (
      select n.id, n.occurred_at from book c cross join lateral (${from(sql`i.client_id = c.client_id`)}) n
        where (select s.book from small s)
      union (${from(sql`i.user_id = ${through.userId}`, sql`(select s.book from small s)`)})
      union (${from(loggedForAnother(through), sql`(select s.book from small s)`)})
      union (${from(sql`not (select s.book from small s)`)})
    ) i ${ordered(listing)}`;
}

const loggedForAnother = ({ userId }: Pick<Actor, 'userId'>) =>
  sql`i.logged_by_id = ${userId} and i.user_id is distinct from ${userId}`;

/** All ids of the list up to `most`, as a query. */
export function wholeQuery({ through, filters }: Listing, most: number): SQL {
  const from = (conditions: SQL[]) =>
    sql`select i.id from interactions i ${where([...conditions, ...filters])}`;
  if (!through) return sql`${from([])} limit ${most}`;
  const elsewhere = sql`not exists (select 1 from client_access a where a.client_id = i.client_id)`;
  return sql`
    select n.id from (
      select n.id from ${mine} c cross join lateral (${from([sql`i.client_id = c.client_id`])}) n
      union all ${from([sql`i.user_id = ${through.userId}`, elsewhere])}
      union all ${from([loggedForAnother(through), elsewhere])}
    ) n limit ${most}`;
}
