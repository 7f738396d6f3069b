import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** One line of a digest: a query or a request with its promise. */
export interface WorkLine extends Record<string, unknown> {
  kind: 'query' | 'request';
  id: number;
  number: string;
  what: string;
  client: string;
  owner: string | null;
  dueAt: Date;
}

export interface Section {
  total: number;
  lines: WorkLine[];
}

export interface DigestContent {
  overdue: Section;
  dueToday: Section;
  /** Steps of the ladder carried out since the morning before. */
  escalated: Section;
  pipeline: { created: number; converted: number; denied: number };
  reviewsDue: number;
  neverOrLongAgo: number;
}

const SHOWN = 15;

/** What is with the head's people or teams, or belongs to a client of his people: never all he may view. */
function ofHisTeams(head: Actor) {
  const people = idArray(head.visibleUserIds);
  const teams = idArray(head.headedTeamIds);
  return sql`
    with work as (
      select 'request' as kind, r.id, r.number, y.name as what, r.client_name as client, r.assignee_id as owner_id, r.due_at
      from service_requests r join request_types y on y.id = r.type_id
      where r.status in ('pending', 'in_progress')
        and (r.assignee_id = any (${people}) or r.team_id = any (${teams})
          or exists (select 1 from clients c where c.id = r.client_id and c.primary_rm_id = any (${people})))
      union all
      select 'query', q.id, q.number, q.subject, q.client_name, q.rm_id, q.due_at
      from queries q
      where q.status in ('open', 'in_progress')
        and (q.rm_id = any (${people}) or q.team_id = any (${teams})
          or exists (select 1 from clients c where c.id = q.client_id and c.primary_rm_id = any (${people})))
    )`;
}

async function section(tx: Tx, head: Actor, which: SQL): Promise<Section> {
  const rows = await tx.execute<WorkLine & { total: number }>(sql`
    ${ofHisTeams(head)}
    select w.kind, w.id::int as id, w.number, w.what, w.client, u.name as owner, w.due_at as "dueAt", (count(*) over ())::int as total
    from work w left join users u on u.id = w.owner_id
    where ${which}
    order by w.due_at nulls last, w.id limit ${SHOWN}`);
  return {
    total: rows[0]?.total ?? 0,
    lines: rows.map(({ total: _total, ...line }) => ({ ...line, dueAt: new Date(line.dueAt) }))
  };
}

/**
 * What a head should know in the morning, read under his identity. `day` is the firm's day as two instants;
 * escalations count from a day before it began.
 */
export async function digestContent(
  tx: Tx,
  head: Actor,
  day: { from: Date; to: Date; date: string }
): Promise<DigestContent> {
  const from = day.from.toISOString();
  const escalatedSince = sql`exists (
    select 1 from clocks k join escalations e on e.clock_id = k.id
    where k.subject_kind = w.kind and k.subject_id = w.id and e.kind <> 'warning'
      and e.carried_out_at >= ${from}::timestamptz - interval '1 day')`;
  return {
    overdue: await section(tx, head, sql`w.due_at < now()`),
    dueToday: await section(
      tx,
      head,
      sql`w.due_at >= now() and w.due_at < ${day.to.toISOString()}::timestamptz`
    ),
    escalated: await section(tx, head, escalatedSince),
    pipeline: await pipelineMovement(tx, head, from),
    ...(await clientsToSee(tx, head, day.date))
  };
}

async function pipelineMovement(tx: Tx, head: Actor, from: string) {
  const since = sql`${from}::timestamptz - interval '1 day'`;
  const [row] = await tx.execute<DigestContent['pipeline']>(sql`
    select count(*) filter (where created_at >= ${since})::int as created,
      count(*) filter (where converted_at >= ${since})::int as converted,
      count(*) filter (where denied_at >= ${since})::int as denied
    from leads
    where updated_at >= ${since}
      and (conversion_rm_id = any (${idArray(head.visibleUserIds)}) or team_id = any (${idArray(head.headedTeamIds)}))`);
  return row ?? { created: 0, converted: 0, denied: 0 };
}

async function clientsToSee(tx: Tx, head: Actor, date: string) {
  const [row] = await tx.execute<{ reviewsDue: number; neverOrLongAgo: number }>(sql`
    select count(*) filter (where next_review_on <= ${date}::date + 7)::int as "reviewsDue",
      count(*) filter (where last_contact_at is null or last_contact_at < now() - interval '90 days')::int as "neverOrLongAgo"
    from clients
    where lifecycle = 'active' and primary_rm_id = any (${idArray(head.visibleUserIds)})`);
  return row ?? { reviewsDue: 0, neverOrLongAgo: 0 };
}

/** Is there anything in it that somebody would want to be told this morning? */
export function isWorthSending(content: DigestContent): boolean {
  const { overdue, dueToday, escalated, pipeline, reviewsDue } = content;
  const movement = pipeline.created + pipeline.converted + pipeline.denied;
  return overdue.total + dueToday.total + escalated.total + movement + reviewsDue > 0;
}
