import { sql } from 'drizzle-orm';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Delivery, NotificationKind } from '#lib/notifications/kinds.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { isToldNow } from './hours.server.ts';
import type { Telling } from './messages.ts';
import { recipientsCtes } from './recipients.server.ts';
import { isUndone, isUntold, untoldCte } from './untold.server.ts';

/** One escalation for one person, and how he wants to hear of it. */
export interface Told extends Telling {
  notification: NotificationKind;
  delivery: Delivery;
  /** By mail only: what is in the app counts as read. */
  read: boolean;
}

/** Everything one person has to hear of now. */
export interface PersonToTell {
  userId: number;
  timeZone: string;
  locale: string;
  /** The firm's date. */
  today: string;
  total: number;
  firstId: number;
  lastId: number;
  /** Of all of `total`: the one kind they have in common, and the most that is asked for. */
  notification: NotificationKind | null;
  delivery: Delivery;
  /** The first few of `total`, the most urgent first. */
  items: Told[];
}

const SHOWN = 20;

/** A step that should have changed the record waits so long for it; then people hear of it all the same. */
const PATIENCE = '10 minutes';

/**
 * Takes every escalation that nobody was told of and may be told now, works out who must hear of it, notes that they are told, and
 * returns it grouped by person: of several steps of one promise each person hears of the last. Work that was done meanwhile is told to nobody. Two sweeps never take the same: the
 * second waits for the first and finds the rest.
 */
export async function takeUntold(tx: Tx): Promise<PersonToTell[]> {
  await lockTelling(tx);
  return jsonRows<PersonToTell>(
    tx,
    sql`with ${untoldCte(sql`${isUntold} and ${isReady} and ${await isToldNow(tx)}`)}, ${recipientsCtes}, ${heardCtes},
    told as (
      update escalations e set told_user_ids = t.ids, told_at = now()
      from (
        select escalation_id, coalesce(array_agg(user_id order by user_id) filter (where user_id is not null), '{}') as ids
        from (select escalation_id, null::bigint as user_id from untold
          union all select escalation_id, user_id from heard) u
        group by escalation_id) t
      where e.id = t.escalation_id),
    latest as (
      select distinct on (user_id, clock_id, notification = 'assigned') *
      from heard order by user_id, clock_id, notification = 'assigned', escalation_id desc),
    numbered as (
      select *, row_number() over (partition by user_id order by
        array_position(array['escalation', 'breach', 'warning'], kind), due_at, escalation_id) as n
      from latest)
    select json_build_object(
      'userId', n.user_id, 'total', count(*), 'firstId', min(n.escalation_id), 'lastId', max(n.escalation_id),
      'notification', case when min(n.notification) = max(n.notification) then min(n.notification) end,
      'delivery', case when bool_or(n.delivery = 'mail') then 'mail' when bool_or(n.delivery = 'daily') then 'daily'
        else 'app' end,
      'timeZone', coalesce(min(p.time_zone), min(f.time_zone), 'UTC'), 'locale', coalesce(min(f.locale), 'en-IN'),
      'today', (select today from firm),
      'items', json_agg(json_build_object(
        'escalationId', n.escalation_id, 'kind', n.kind, 'subjectKind', n.subject_kind, 'subjectId', n.subject_id,
        'number', n.number, 'what', n.what, 'clientName', n.client_name, 'target', n.target, 'dueAt', n.due_at, 'dueNow', n.due_now,
        'onDate', coalesce(n.on_date, case when n.target in ('follow_up', 'contact', 'review')
          then (n.due_at at time zone coalesce(f.time_zone, 'UTC'))::date end),
        'ownerName', n.owner_name, 'teamName', n.team_name, 'toldAs', n.told_as, 'standsInFor', n.stands_in_for,
        'deed', n.did,
        'formerName', (select b.name from people b where b.id = (n.did -> 'assignee' ->> 'from')::bigint),
        'notification', n.notification, 'delivery', n.delivery, 'read', n.read)
        order by n.n) filter (where n.n <= ${SHOWN})) as row
    from numbered n
    left join user_profiles p on p.user_id = n.user_id
    left join firm_settings f on true
    group by n.user_id
    order by n.user_id`
  );
}

/** Whoever carries out deeds or tells does so alone. */
export async function lockTelling(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('escalations to tell'))`);
}

/**
 * Nothing of a clock is told before what an earlier step of it has to change. A set that is worked out once: the planner
 * may think little of how many there are.
 */
const isReady = sql`e.clock_id not in (
  select e.clock_id from escalations e
  where e.carried_out_at > now() - ${PATIENCE}::interval and ${isUntold} and ${isUndone})`;

/** Who had the work and who has it now hear of it, beside whom the step names; each as he chose for the kind. */
const heardCtes = sql`
  concerned as (
    select * from recipients
    union all
    select rungs.*, (did -> 'assignee' ->> 'to')::bigint, 'taker', null from rungs where did ? 'assignee'
    union all
    select rungs.*, (did -> 'assignee' ->> 'from')::bigint, 'former', null from rungs
    where did -> 'assignee' ->> 'from' is not null),
  once as materialized (
    select distinct on (c.escalation_id, c.user_id) c.*,
      case when c.told_as in ('taker', 'former') then 'assigned' when c.target = 'review' then 'review'
        when c.kind = 'warning' then 'warning' else 'escalation' end as notification
    from concerned c
    join people p on p.id = c.user_id and p.active
    where c.open and (c.told_as in ('taker', 'former') or c.does && array['notify', 'mail'])
    order by c.escalation_id, c.user_id, (c.told_as = 'taker') desc, (c.told_as = 'former') desc),
  choices as materialized (
    select user_id, notification, app.delivery_for(user_id, notification) as choice
    from (select distinct user_id, notification from once) o),
  wanted as (
    select o.*, case when m.user_id is null then c.choice else app.muted_delivery(o.notification, c.choice) end as choice
    from once o
    join choices c on c.user_id = o.user_id and c.notification = o.notification
    left join notification_mutes m
      on m.user_id = o.user_id and m.subject_kind = o.subject_kind and m.subject_id = o.subject_id),
  heard as materialized (
    select wanted.*,
      case when notification <> 'assigned' and not 'mail' = any (does) then 'app' else choice end as delivery,
      notification <> 'assigned' and choice = 'mail' and not 'notify' = any (does) as read
    from wanted where choice <> 'none')`;
