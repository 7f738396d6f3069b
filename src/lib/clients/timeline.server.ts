import { sql, type SQL } from 'drizzle-orm';
import { decodeCursor, pageOf } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { firmZone } from './listing.server.ts';
import { TIMELINE_KINDS, type TimelineInput, type TimelineKind } from './model.ts';
import { clientOf } from './reads.server.ts';

/** What happened to a client. */
export type TimelineEvent =
  | 'interaction'
  | 'note'
  | 'query_opened'
  | 'query_resolved'
  | 'query_closed'
  | 'request_opened'
  | 'request_finished'
  | 'lead_converted'
  | 'holding_added'
  | 'changed';

interface Row extends Record<string, unknown> {
  event: TimelineEvent;
  kind: TimelineKind;
  id: number;
  place: string;
  at: string;
  number: string | null;
  title: string | null;
  body: string | null;
  status: string | null;
  purpose: string | null;
  channel: string | null;
  direction: string | null;
  missed: boolean | null;
  byId: number | null;
  byName: string | null;
  /** The lead that a portfolio review opened, where the actor sees it. */
  lead: { id: number; number: string } | null;
}

interface Source {
  event: TimelineEvent;
  kind: TimelineKind;
  from: SQL;
  at: SQL;
  /** number, title, body, status, purpose, channel, direction, missed, person. */
  shows: SQL;
}

const none = sql`null::text`;
const nothingSaid = sql`${none}, ${none}, ${none}, null::boolean`;
const work = (table: string) => sql`from ${sql.raw(table)} x`;
const request = sql`from service_requests x join request_types k on k.id = x.type_id`;

const rmNamed = (field: string) =>
  sql`(select u.name from users u where u.id = (a.new_values ->> ${field})::bigint)`;

/** Of all changes those that matter later: who has the client, whether it is active, what was merged into it. */
const milestones = sql`from (
  select a.id, a.at, a.actor_id, a.row_id as client_id, case
    when a.table_name = 'client_merges'
      then 'Merged with ' || (a.new_values ->> 'old_number') || ' ' || (a.new_values ->> 'old_name')
    when a.new_values ->> 'lifecycle' = 'archived' then 'Archived'
    when a.new_values ->> 'lifecycle' = 'active' then 'Brought back'
    when a.new_values ? 'primary_rm_id' then 'Given to ' || ${rmNamed('primary_rm_id')}
    when a.new_values ? 'secondary_rm_id' then 'Second point of contact: ' || ${rmNamed('secondary_rm_id')}
    else 'No second point of contact any more' end as title
  from audit_log a
  where (a.table_name = 'clients' and a.action = 'update'
      and (a.new_values ?| array['lifecycle', 'primary_rm_id', 'secondary_rm_id'] or a.old_values ? 'secondary_rm_id'))
    or (a.table_name = 'client_merges' and a.action = 'insert')) x`;

// The tables above clients are named here and not imported: they import clients.
const SOURCES: Source[] = [
  {
    event: 'interaction',
    kind: 'interaction',
    from: work('interactions'),
    at: sql`x.occurred_at`,
    shows: sql`${none}, x.subject, x.body, ${none}, x.purpose, x.channel, x.direction, x.missed, coalesce(x.user_id, x.logged_by_id)`
  },
  {
    event: 'note',
    kind: 'note',
    from: work('client_notes'),
    at: sql`x.created_at`,
    shows: sql`${none}, ${none}, x.body, ${none}, ${nothingSaid}, x.author_id`
  },
  {
    event: 'query_opened',
    kind: 'query',
    from: work('queries'),
    at: sql`x.opened_at`,
    shows: sql`x.number, x.subject, x.details, x.status, ${nothingSaid}, x.created_by_id`
  },
  {
    event: 'query_resolved',
    kind: 'query',
    from: work('queries'),
    at: sql`x.resolved_at`,
    shows: sql`x.number, x.subject, x.resolution, x.status, ${nothingSaid}, x.rm_id`
  },
  {
    event: 'query_closed',
    kind: 'query',
    from: work('queries'),
    at: sql`x.closed_at`,
    shows: sql`x.number, x.subject, ${none}, x.status, ${nothingSaid}, x.rm_id`
  },
  {
    event: 'request_opened',
    kind: 'request',
    from: request,
    at: sql`x.created_at`,
    shows: sql`x.number, k.name, x.details, x.status, ${nothingSaid}, x.created_by_id`
  },
  {
    event: 'request_finished',
    kind: 'request',
    from: request,
    at: sql`x.finished_at`,
    shows: sql`x.number, k.name, coalesce(x.rejection_reason, x.outcome), x.status, ${nothingSaid}, x.assignee_id`
  },
  {
    event: 'lead_converted',
    kind: 'lead',
    from: work('leads'),
    at: sql`x.converted_at`,
    shows: sql`x.number, x.name, ${none}, x.status, ${nothingSaid}, x.conversion_rm_id`
  },
  {
    event: 'holding_added',
    kind: 'holding',
    from: work('holdings'),
    // It began when it was bought, not when it was typed in.
    at: sql`coalesce(x.started_on::timestamp at time zone ${firmZone}, x.created_at)`,
    shows: sql`x.folio, x.product_name, ${none}, x.status, ${nothingSaid}, x.created_by_id`
  },
  {
    event: 'changed',
    kind: 'change',
    from: milestones,
    at: sql`x.at`,
    shows: sql`${none}, x.title, ${none}, ${none}, ${nothingSaid}, x.actor_id`
  }
];

/**
 * What was said, noted and done with a client, newest first. NotFound when the client is hidden; of the events
 * those the actor sees.
 */
export async function clientTimeline(tx: Tx, { clientId, kinds, cursor, limit = 30 }: TimelineInput) {
  const place = decodeCursor(cursor, 3);
  const wanted = SOURCES.filter(({ kind }) => (kinds ?? TIMELINE_KINDS).includes(kind));
  const columns = sql.raw(
    'event, kind, id, at, number, title, body, status, purpose, channel, direction, missed, person'
  );
  const parts = wanted.map((source) => sql`(${part(source, clientId, place, limit)})`);
  if (parts.length === 0) return { items: [], nextCursor: null };
  const [, rows] = await Promise.all([
    clientOf(tx, clientId),
    tx.execute<Row>(sql`
      select e.event, e.kind, e.id, e.at::text as place, e.at, e.number, e.title, e.body, e.status, e.purpose,
        e.channel, e.direction, e.missed, e.person as "byId", u.name as "byName",
        (select json_build_object('id', l.id, 'number', l.number) from leads l
          where e.purpose = 'portfolio_review' and l.origin_interaction_id = e.id order by l.id limit 1) as lead
      from (${sql.join(parts, sql` union all `)}) e(${columns})
      left join users u on u.id = e.person
      order by e.at desc, e.event desc, e.id desc limit ${limit + 1}`)
  ]);
  const page = pageOf([...rows], limit, (row) => [row.place, row.event, row.id]);
  return { items: page.items.map(entry), nextCursor: page.nextCursor };
}

function part(
  source: Source,
  clientId: number,
  place: (string | number | null)[] | null,
  limit: number
): SQL {
  const { event, kind, from, at, shows } = source;
  const before = place
    ? sql`and (${at}, ${event}::text, x.id) < (${place[0]}::timestamptz, ${place[1]}::text, ${place[2]}::bigint)
        and ${at} <= ${place[0]}::timestamptz`
    : sql``;
  return sql`select ${event}::text, ${kind}::text, x.id, ${at}, ${shows} ${from}
    where x.client_id = ${clientId} and ${at} is not null ${before} order by ${at} desc nulls last, x.id desc nulls last limit ${limit + 1}`;
}

function entry({ place: _place, at, byId, byName, ...rest }: Row) {
  return {
    ...rest,
    at: new Date(at),
    by: byId === null || byName === null ? null : { id: byId, name: byName }
  };
}
