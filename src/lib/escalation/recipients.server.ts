import { sql } from 'drizzle-orm';

/**
 * Who hears of each escalation in `untold`, worked out now: an SQL fragment of CTEs that ends in
 * `recipients(escalation_id, user_id, told_as, stands_in_for)`.
 *
 * The person a step names; on leave, his substitute if he may see the record; else the head of the team that has the
 * work (else of the assignee's main team), his substitute, the head all the same; administrators where nobody is left.
 */
export const recipientsCtes = sql`
  firm as materialized (
    select (now() at time zone coalesce((select time_zone from firm_settings), 'UTC'))::date as today),
  people as materialized (
    select u.id, u.name, u.substitute_id, u.main_team_id, u.active, r.level,
      u.active and not coalesce(u.leave_from <= f.today and coalesce(u.leave_to, 'infinity') >= f.today, false) as here
    from users u join roles r on r.id = u.role_id cross join firm f),
  work as materialized (
    select u.*, o.name as owner_name, t.name as team_name, t.head_id,
      case u.tell when 'assignee' then u.owner_id when 'secondary' then u.secondary_id
        when 'head' then t.head_id when 'user' then u.tell_user_id end as named_id
    from untold u
    left join people o on o.id = u.owner_id
    left join teams t on t.id = coalesce(u.team_id, o.main_team_id)),
  rungs as materialized (
    select w.*, n.name as named_name, h.name as head_name, n.substitute_id as named_substitute_id,
      h.substitute_id as head_substitute_id,
      case
        when w.tell = 'administrators' then 'administrators'
        when n.here and (w.tell in ('assignee', 'head') or ${sees('n.id')}) then 'named'
        when n.active and ns.here and ${sees('ns.id')} then 'named substitute'
        when h.here then 'head'
        when hs.here and ${sees('hs.id')} then 'head substitute'
        when h.active then 'head'
        else 'administrators'
      end as rung
    from work w
    left join people n on n.id = w.named_id
    left join people ns on ns.id = n.substitute_id
    left join people h on h.id = w.head_id
    left join people hs on hs.id = h.substitute_id),
  administrators as materialized (
    select id from people where level = 0 and active
      and (here or not exists (select 1 from people where level = 0 and here))),
  recipients as materialized (
    select escalation_id,
      case rung when 'named' then named_id when 'named substitute' then named_substitute_id
        when 'head' then head_id else head_substitute_id end as user_id,
      case rung when 'named' then case tell when 'user' then 'named' else tell end
        when 'head' then 'head' else 'substitute' end as told_as,
      case rung when 'named substitute' then named_name when 'head substitute' then head_name end as stands_in_for
    from rungs where rung <> 'administrators'
    union all
    select escalation_id, a.id, 'administrator', null from rungs cross join administrators a
    where rung = 'administrators')`;

function sees(person: string) {
  return sql.raw(`case w.subject_kind when 'query' then app.user_sees_query(${person}, w.subject_id)
    else app.user_sees_request(${person}, w.subject_id) end`);
}
