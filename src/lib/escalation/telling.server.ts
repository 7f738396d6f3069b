import { sql } from 'drizzle-orm';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Telling } from './messages.ts';
import { recipientsCtes } from './recipients.server.ts';

/** Everything one person has to hear of now. */
export interface PersonToTell {
  userId: number;
  email: string | null;
  wantsMail: boolean;
  timeZone: string;
  locale: string;
  total: number;
  firstId: number;
  lastId: number;
  /** The first few of `total`. */
  items: Telling[];
}

const SHOWN = 20;

/** Carried out and not told yet, with what there is to say about it. */
const untoldCte = sql`
  untold as materialized (
    select e.id as escalation_id, e.kind, k.subject_kind, k.subject_id, k.target, k.due_at, s.tell, s.tell_user_id,
      w.number, w.what, w.client_name, w.owner_id, w.team_id, c.secondary_rm_id as secondary_id
    from escalations e
    join clocks k on k.id = e.clock_id
    left join clock_steps s on s.clock_id = e.clock_id and s.step_key = e.step_key
    left join clients c on c.id = k.client_id
    cross join lateral (
      select q.number, q.subject as what, q.client_name, q.rm_id as owner_id, q.team_id
      from queries q where k.subject_kind = 'query' and q.id = k.subject_id
      union all
      select r.number, t.name, r.client_name, r.assignee_id, r.team_id
      from service_requests r join request_types t on t.id = r.type_id
      where k.subject_kind = 'request' and r.id = k.subject_id) w
    where e.told_user_ids = '{}')`;

/**
 * Takes every escalation that nobody was told of, works out who must hear of it, notes that they are told, and
 * returns it grouped by person. Two sweeps never take the same: the second waits for the first and finds the rest.
 */
export async function takeUntold(tx: Tx): Promise<PersonToTell[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('escalations to tell'))`);
  return jsonRows<PersonToTell>(
    tx,
    sql`with ${untoldCte}, ${recipientsCtes},
    told as (
      update escalations e set told_user_ids = r.ids
      from (select escalation_id, array_agg(distinct user_id) as ids from recipients group by escalation_id) r
      where e.id = r.escalation_id),
    numbered as (
      select user_id, escalation_id, told_as, stands_in_for,
        row_number() over (partition by user_id order by escalation_id) as n
      from recipients)
    select json_build_object(
      'userId', n.user_id, 'total', count(*), 'firstId', min(n.escalation_id), 'lastId', max(n.escalation_id),
      'email', min(p.email), 'wantsMail', coalesce(min(p.notification_choices ->> 'escalation'), 'mail') = 'mail',
      'timeZone', coalesce(min(p.time_zone), min(f.time_zone), 'UTC'), 'locale', coalesce(min(f.locale), 'en-IN'),
      'items', json_agg(json_build_object(
        'escalationId', r.escalation_id, 'kind', r.kind, 'subjectKind', r.subject_kind, 'subjectId', r.subject_id,
        'number', r.number, 'what', r.what, 'clientName', r.client_name, 'target', r.target, 'dueAt', r.due_at,
        'ownerName', r.owner_name, 'teamName', r.team_name, 'toldAs', n.told_as, 'standsInFor', n.stands_in_for)
        order by n.n) filter (where n.n <= ${SHOWN})) as row
    from numbered n
    join rungs r on r.escalation_id = n.escalation_id
    left join user_profiles p on p.user_id = n.user_id
    left join firm_settings f on true
    group by n.user_id
    order by n.user_id`
  );
}
