import { sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { keysOf } from './keys.server.ts';
import {
  SEARCH_KINDS,
  SEARCH_PERMISSIONS,
  type everythingInput,
  type Hit,
  type HitGroup,
  type SearchKind
} from './model.ts';

/** Fewer letters than these are looked for in no index but that of names. */
const LEAST: Record<SearchKind, number> = { client: 1, lead: 2, query: 3, request: 3, product: 2 };
const USUAL = 6;
/** Found by what names one record alone. */
const EXACT = 4;
const BEGINS = 2;

interface Ranked extends Hit, Record<string, unknown> {
  rank: number;
}

/**
 * What the actor sees of everything, best first: groups in a fixed order, but that which holds a record named whole
 * (its number, account, address or PAN) first. Nothing is said of what he does not see, not even how many.
 */
export async function searchEverything(
  tx: Tx,
  actor: Actor,
  { q, limit = USUAL }: z.infer<typeof everythingInput>
): Promise<{ groups: HitGroup[] }> {
  const kinds = SEARCH_KINDS.filter(
    (kind) => q.length >= LEAST[kind] && may(actor, SEARCH_PERMISSIONS[kind])
  );
  const found = await Promise.all(
    kinds.map(async (kind) => ({ kind, rows: await tx.execute<Ranked>(STATEMENTS[kind](q, limit)) }))
  );
  const filled = found.filter(({ rows }) => rows.length > 0);
  const exact = ({ rows }: { rows: readonly Ranked[] }) => rows.some(({ rank }) => rank >= EXACT);
  const ordered = [...filled.filter(exact), ...filled.filter((group) => !exact(group))];
  return { groups: ordered.map(({ kind, rows }) => ({ kind, hits: rows.map(hitOf) })) };
}

const hitOf = ({ id, title, number, detail }: Ranked): Hit => ({ id, title, number, detail });

/**
 * The functions look through everybody's rows by their indexes and answer with those the actor sees. The limit said
 * twice tells the planner that there are few.
 */
const STATEMENTS: Record<SearchKind, (q: string, limit: number) => SQL> = {
  client: (q, limit) => sql`
    with found as materialized (
      select id, max(rank) as rank from (
        select id, rank from app.find_clients(${q}, ${limit}) ${byKey(q, limit)}
      ) f group by id order by 2 desc limit ${limit})
    select c.id, c.name as title, c.number, coalesce(c.organisation, u.name) as detail, f.rank
    from found f join clients c on c.id = f.id left join users u on u.id = c.primary_rm_id
    order by f.rank desc, c.sort_name, c.id`,
  lead: (q, limit) => sql`
    with found as materialized (select id, rank from app.find_leads(${q}, ${limit}) limit ${limit})
    select l.id, l.name as title, l.number, coalesce(l.organisation, u.name) as detail, f.rank
    from found f join leads l on l.id = f.id left join users u on u.id = l.conversion_rm_id
    order by f.rank desc, l.id desc`,
  query: (q, limit) => sql`
    with found as materialized (select id, rank from app.find_queries(${q}, ${limit}) limit ${limit})
    select w.id, w.subject as title, w.number, w.client_name as detail,
      case when w.number = upper(${q}) then ${EXACT} else f.rank end as rank
    from found f join queries w on w.id = f.id order by rank desc, w.id desc`,
  request: (q, limit) => sql`
    with found as materialized (select id, rank from app.find_requests(${q}, ${limit}) limit ${limit})
    select w.id, y.name as title, w.number, w.client_name as detail,
      case when w.number = upper(${q}) then ${EXACT} else f.rank end as rank
    from found f join service_requests w on w.id = f.id join request_types y on y.id = w.type_id
    order by rank desc, w.id desc`,
  product: (q, limit) => sql`
    with found as materialized (select id, rank from app.find_products(${q}, ${limit}, false) limit ${limit})
    select p.id, p.name as title, coalesce(p.scheme_code, p.sku) as number,
      coalesce(p.fund_house, p.category) as detail, f.rank
    from found f join products p on p.id = f.id order by f.rank desc, p.name, p.id`
};

/** An address that only begins so ranks with names that do. */
function byKey(q: string, limit: number): SQL {
  const keys = keysOf(q);
  if (!keys) return sql``;
  const { points, address, pan } = keys;
  const rank = points.length > 0 || pan !== null ? EXACT : BEGINS;
  return sql`union all select k.id, ${rank}::real
    from app.find_clients_by_key(${sql.param(points)}::text[], ${address}, ${pan}, ${limit}) k`;
}
