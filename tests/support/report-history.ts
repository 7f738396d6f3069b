import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/**
 * Gives the records of a random firm a past of some months for reports to count: when they were opened, promises kept
 * and broken with whose time they took, steps of ladders, reviews held and due, givers and outcomes of leads.
 * The seed makes the same past again.
 */
export async function randomPast(tx: Tx, seed: number): Promise<void> {
  await tx.execute(sql`select setseed(${(seed % 1000) / 1000})`);
  for (const statement of [...RECORDS, ...PROMISES, ...REVIEWS, ...LEADS])
    await tx.execute(sql.raw(statement));
}

const PAST = `now() - random() * interval '150 days'`;

const RECORDS = [
  `update queries set opened_at = ${PAST}`,
  `update service_requests set created_at = ${PAST}`,
  `update queries set due_at = now() + (random() - 0.6) * interval '20 days' where random() < 0.7`,
  `update service_requests set due_at = now() + (random() - 0.6) * interval '20 days' where random() < 0.7`
];

/** A clock of a record, ended or not; the first version of whichever policy serves. */
const clocksOn = (kind: string, table: string, target: string) => `
  insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, state, started_at,
    ended_at, breached_at, minutes_ours, minutes_client, minutes_third_party, minutes_over)
  select '${kind}', r.id, ${kind === 'client' ? 'r.id' : 'r.client_id'}, '${target}', v.id, v.calendar_id, s.state, now() - interval '160 days',
    case when s.state <> 'running' then s.at end, case when s.late then s.at end,
    case when s.known then (random() * 900)::int end, case when s.known then (random() * 400)::int end,
    case when s.known then (random() * 300)::int end, case when s.late then 30 end
  from ${table} r
  cross join lateral (select ${PAST} as at, random() < 0.3 as late, r.id % 5 > 0 as known,
    case when random() < 0.7 then 'satisfied' when random() < 0.5 then 'cancelled' else 'running' end as state) s
  cross join (select id, calendar_id from policy_versions order by id limit 1) v
  on conflict do nothing`;

const PROMISES = [
  clocksOn('query', 'queries', 'resolution'),
  clocksOn('query', 'queries', 'first_response'),
  clocksOn('request', 'service_requests', 'resolution'),
  clocksOn('lead', 'leads', 'first_call'),
  clocksOn('client', 'clients', 'contact'),
  `insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, carried_out_at)
    select k.id, s.kind, k.policy_version_id, s.kind, now(), ${PAST}
    from clocks k cross join (values ('warning'), ('breach'), ('escalation')) s(kind) where random() < 0.4`
];

const REVIEWS = [
  `update clients set review_every_months = 1 + (id % 4), next_review_on = current_date + ((random() - 0.5) * 120)::int where id % 5 > 0`,
  `update interactions set purpose = 'portfolio_review', occurred_at = ${PAST} where random() < 0.7`,
  `insert into portfolio_reviews (interaction_id, held_on, next_on)
    select id, (occurred_at at time zone 'Asia/Kolkata')::date,
      case when random() < 0.7 then (occurred_at + random() * interval '60 days')::date end
    from interactions where purpose = 'portfolio_review' and random() < 0.8`
];

/** A few dates, so that much happened on each. */
const MOVED = `greatest(created_at, now() - (array[1, 3, 40, 60])[1 + (id / 4) % 4] * interval '1 day')`;

const LEADS = [
  `update leads set created_at = ${PAST}, expected_value = (random() * 900000)::numeric(18, 2),
    mode = (array['call', 'mail', 'whatsapp', null])[1 + (random() * 3)::int], next_follow_up_on = current_date + ((random() - 0.5) * 30)::int,
    given_by = (array['Dr. Rao', ' dr.  rao', 'CA forum', null])[1 + (random() * 3)::int],
    given_by_client_id = case when random() < 0.4 then (select c.id from clients c where c.id % 40 = leads.id % 40 limit 1) end`,
  `update leads set currency = 'USD' where id % 7 = 0`,
  `update leads set status_changed_at = created_at`,
  `update leads set status = 'denied', denial_reason = 'budget', denied_at = ${MOVED}, status_changed_at = ${MOVED} where id % 4 = 0`,
  `update leads set status = 'converted', converted_at = ${MOVED}, status_changed_at = ${MOVED}, client_id = (select min(id) from clients) where id % 4 = 1`,
  `update leads set status = 'wip', status_changed_at = ${MOVED} where id % 4 = 2`
];
