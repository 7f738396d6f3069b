import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Contacted } from './attention.ts';
import { pageQuery, wholeQuery } from './listing-queries.server.ts';
import { contactedJson, listingOf, type Listing } from './listing.server.ts';
import type { ClientKind, Lifecycle, ListClientsInput } from './model.ts';

/** A client in a list. */
export interface ListedClient extends Contacted {
  id: number;
  number: string;
  name: string;
  kind: ClientKind;
  type: string;
  tier: string | null;
  lifecycle: Lifecycle;
  organisation: string | null;
  rm: { id: number; name: string } | null;
  secondaryRm: { id: number; name: string } | null;
  lastContactAt: Date | null;
  lastContactChannel: string | null;
  /** `2026-11-21`. */
  nextReviewOn: string | null;
  /** Open queries and requests. */
  openWork: number;
  tags: string[];
}

interface Row
  extends
    Record<string, unknown>,
    Omit<ListedClient, 'rm' | 'secondaryRm' | 'lastContactAt' | keyof Contacted> {
  key: string;
  rmId: number | null;
  rmName: string | null;
  secondId: number | null;
  secondName: string | null;
  lastContactAt: string | null;
  contacted: Contacted;
}

const COUNTED = 1000;

/**
 * A page of the clients the actor sees, by name when no sort is given. `total` is exact up to 1,000, and for people
 * who do not see everything beyond that too.
 */
export async function listClients(tx: Tx, actor: Actor, input: ListClientsInput) {
  const listing = listingOf(actor, input);
  const [rows, total] = await Promise.all([readPage(tx, listing), countClients(tx, listing)]);
  const { items, nextCursor } = pageOf(rows, listing.limit, (row) => [row.key, row.id]);
  return { items: items.map(listed), nextCursor, ...total };
}

function readPage(tx: Tx, listing: Listing) {
  const order = sql.raw(listing.direction);
  return tx.execute<Row>(sql`
    with page as materialized (${pageQuery(listing)})
    select c.id, c.number, c.name, c.kind, c.type, c.tier, c.lifecycle, c.organisation, page.key::text as key,
      c.primary_rm_id as "rmId", p.name as "rmName", c.secondary_rm_id as "secondId", s.name as "secondName",
      c.last_contact_at as "lastContactAt", c.last_contact_channel as "lastContactChannel",
      c.next_review_on::text as "nextReviewOn", ${contactedJson} as contacted,
      c.open_work as "openWork", array(select t.tag from client_tags t where t.client_id = c.id order by 1) as tags
    from page join clients c on c.id = page.id
    left join users p on p.id = c.primary_rm_id
    left join users s on s.id = c.secondary_rm_id
    order by page.key ${order}, page.id ${order}`);
}

function listed({
  key: _key,
  rmId,
  rmName,
  secondId,
  secondName,
  contacted,
  lastContactAt,
  ...rest
}: Row): ListedClient {
  return {
    ...rest,
    rm: rmId === null || rmName === null ? null : { id: rmId, name: rmName },
    secondaryRm: secondId === null || secondName === null ? null : { id: secondId, name: secondName },
    lastContactAt: lastContactAt === null ? null : new Date(lastContactAt),
    ...contacted
  };
}

interface Total {
  total: number;
  totalIsEstimate: boolean;
}

async function countClients(tx: Tx, listing: Listing): Promise<Total> {
  if (listing.principals) return { total: await count(tx, listing), totalIsEstimate: false };
  if (listing.filters.length === 0) return countEverybody(tx, listing);
  const exact = await count(tx, listing, COUNTED + 1);
  if (exact <= COUNTED) return { total: exact, totalIsEstimate: false };
  return { total: Math.max(exact, await planned(tx, listing)), totalIsEstimate: true };
}

async function count(tx: Tx, listing: Listing, most?: number): Promise<number> {
  const [row] = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${wholeQuery(listing, most)}) found`
  );
  return row?.n ?? 0;
}

/** For those who see every client: the number Postgres keeps for its planner, while the table is large. */
async function countEverybody(tx: Tx, listing: Listing): Promise<Total> {
  const archived = listing.activeOnly
    ? sql`(select count(*) from clients where lifecycle = 'archived')`
    : sql`0`;
  const [row] = await tx.execute<{ exact: number; estimate: number }>(sql`
    select (select count(*)::int from (${wholeQuery(listing, COUNTED + 1)}) found) as exact,
      (select greatest(reltuples - ${archived}, 0)::int from pg_class where oid = 'public.clients'::regclass) as estimate`);
  const { exact, estimate } = row ?? { exact: 0, estimate: 0 };
  const totalIsEstimate = exact > COUNTED;
  return { total: totalIsEstimate ? Math.max(exact, estimate) : exact, totalIsEstimate };
}

interface Plan {
  'QUERY PLAN': { Plan: { 'Plan Rows': number } }[];
}

async function planned(tx: Tx, listing: Listing): Promise<number> {
  const [row] = await tx.execute<Plan & Record<string, unknown>>(
    sql`explain (format json) ${wholeQuery(listing)}`
  );
  return row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}
