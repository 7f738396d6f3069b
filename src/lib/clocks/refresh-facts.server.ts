import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { OpenClock } from './open-clocks.server.ts';
import type { ClientFacts, LeadFacts, Running, Said } from './refresh-promises.ts';
import { jsonRows } from './rows.server.ts';

interface SaidRow {
  at: string;
  loggedAt: string;
  day: string;
}

type LeadRow = Omit<LeadFacts, Moments | 'answered' | 'tried'> &
  Record<Moments, string | null> & { answered: SaidRow | null; tried: SaidRow | null };
type Moments = 'createdAt' | 'assignedAt' | 'endedAt' | 'calledAt';

const listed = (ids: number[]) => sql`
  (select value::bigint as id from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)) wanted`;

/** What was said with a lead: before it was a client, and with its client about it. */
const saidWithLead = sql`
  select c.occurred_at, c.created_at, c.answered from lead_contacts c where c.lead_id = l.id
  union all
  select i.occurred_at, i.created_at, i.is_contact from interactions i
  where i.lead_id = l.id and i.channel <> 'note' and i.direction <> 'internal'
    and i.id is distinct from l.origin_interaction_id and not i.automatic and i.user_id is not null`;

const latestSaid = sql`(array_agg(json_build_object('at', s.occurred_at, 'loggedAt', s.created_at,
  'day', (s.occurred_at at time zone f.time_zone)::date) order by s.created_at desc)`;

/** What the promises on leads are made on; leads that are gone are missing. */
export async function readLeadFacts(tx: Tx, ids: number[]): Promise<LeadFacts[]> {
  const rows = await jsonRows<LeadRow>(
    tx,
    sql`select json_build_object('id', l.id, 'status', l.status, 'createdAt', l.created_at,
        'assignedAt', case when l.conversion_rm_id is not null then l.assigned_at end,
        'endedAt', case l.status when 'converted' then l.converted_at when 'denied' then l.denied_at end,
        'followUpOn', l.next_follow_up_on, 'today', (now() at time zone f.time_zone)::date,
        'calledAt', said.called_at, 'clocked', exists (
          select 1 from clocks k where k.subject_kind = 'lead' and k.subject_id = l.id and k.target = 'first_call'
            and k.started_at = date_trunc('milliseconds', l.assigned_at)),
        'answered', said.answered, 'tried', said.tried) as row
      from ${listed(ids)} join leads l using (id) cross join firm_settings f
      cross join lateral (
        select min(s.occurred_at) filter (where s.answered
            and s.occurred_at >= date_trunc('minute', l.assigned_at)) as called_at,
          ${latestSaid} filter (where s.answered))[1] as answered, ${latestSaid})[1] as tried
        from (${saidWithLead}) s) said`
  );
  return rows.map(({ createdAt, assignedAt, endedAt, calledAt, answered, tried, ...rest }) => ({
    ...rest,
    createdAt: new Date(createdAt ?? Number.NaN),
    assignedAt: toDate(assignedAt),
    endedAt: toDate(endedAt),
    calledAt: toDate(calledAt),
    answered: toSaid(answered),
    tried: toSaid(tried)
  }));
}

type ClientRow = Omit<ClientFacts, 'createdAt' | 'lastContactAt' | 'nextContactAt' | 'reviewed'> & {
  createdAt: string;
  lastContactAt: string | null;
  nextContactAt: string | null;
  reviewed: SaidRow | null;
};

/** What the promises on clients are made on; clients that are gone are missing. */
export async function readClientFacts(tx: Tx, ids: number[]): Promise<ClientFacts[]> {
  const rows = await jsonRows<ClientRow>(
    tx,
    sql`select json_build_object('id', c.id, 'createdAt', c.created_at,
        'lookedAfter', c.lifecycle = 'active' and c.primary_rm_id is not null,
        'reviewOn', c.next_review_on, 'today', (now() at time zone f.time_zone)::date,
        'lastContactAt', c.last_contact_at, 'nextContactAt', contacted.at, 'reviewed', reviewed.said) as row
      from ${listed(ids)} join clients c using (id) cross join firm_settings f
      left join clocks k on k.subject_kind = 'client' and k.subject_id = c.id and k.target = 'contact'
        and k.state in ('running', 'paused')
      left join lateral (
        select min(i.occurred_at) as at from interactions i
        where i.client_id = c.id and i.is_contact and i.occurred_at > k.started_at
          and date_trunc('milliseconds', i.occurred_at) > k.started_at) contacted on k.id is not null
      left join lateral (
        select json_build_object('at', i.occurred_at, 'loggedAt', i.created_at,
          'day', (i.occurred_at at time zone f.time_zone)::date) as said
        from interactions i where i.client_id = c.id and i.purpose = 'portfolio_review'
        order by i.created_at desc limit 1) reviewed on true`
  );
  return rows.map(({ createdAt, lastContactAt, nextContactAt, reviewed, ...rest }) => ({
    ...rest,
    createdAt: new Date(createdAt),
    lastContactAt: toDate(lastContactAt),
    nextContactAt: toDate(nextContactAt),
    reviewed: toSaid(reviewed)
  }));
}

/** What the rules look at of a clock. */
export const stateOf = ({ terms: { startedAt, takenUpAt, onDate } }: OpenClock): Running => ({
  startedAt,
  since: takenUpAt ?? startedAt,
  onDate
});

const toDate = (text: string | null) => (text === null ? null : new Date(text));

const toSaid = (row: SaidRow | null): Said | null =>
  row && { at: new Date(row.at), loggedAt: new Date(row.loggedAt), day: row.day };
