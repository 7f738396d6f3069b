import { sql } from 'drizzle-orm';
import { seesRecord } from '#lib/clocks/sight.server.ts';

/**
 * Who hears of each escalation in `untold`, worked out now: an SQL fragment of CTEs that ends in
 * `recipients`: rows of `rungs`, which has all of `untold` and on whom each escalation fell, with `user_id`, `told_as`
 * and `stands_in_for`. What follows needs no join with the parts, of whose size the planner knows nothing.
 *
 * The person a step names; on leave, his substitute (and where that one is away too, his) if he may see the record;
 * else the head of the team that has the work (else of the assignee's main team), on leave his substitute, the head all
 * the same; administrators where nobody is left. Nobody hears of a record that he may not see, and nobody stands in for
 * who is here.
 */
export const recipientsCtes = sql`
  firm as materialized (
    select (now() at time zone coalesce((select time_zone from firm_settings), 'UTC'))::date as today),
  everybody as materialized (
    select u.id, u.name, u.substitute_id, u.main_team_id, u.active, r.level,
      u.active and not coalesce(u.leave_from <= f.today and coalesce(u.leave_to, 'infinity') >= f.today, false) as here
    from users u join roles r on r.id = u.role_id cross join firm f),
  chain as materialized (${chain()}),
  people as materialized (
    select e.*, (select c.stand_in_id from chain c where c.person_id = e.id and c.here order by c.step limit 1)
      as stand_in_id
    from everybody e),
  work as materialized (
    select u.*, o.name as owner_name, t.name as team_name, t.head_id,
      case u.tell when 'assignee' then u.owner_id when 'secondary' then u.secondary_id
        when 'substitute' then o.substitute_id when 'head' then t.head_id when 'user' then u.tell_user_id
        end as named_id
    from untold u
    left join people o on o.id = u.owner_id
    left join teams t on t.id = coalesce(u.team_id, o.main_team_id)),
  rungs as materialized (
    select w.*, n.name as named_name, h.name as head_name, n.stand_in_id as named_substitute_id,
      h.stand_in_id as head_substitute_id,
      case
        when w.tell = 'administrators' then 'administrators'
        when n.here and (w.tell = 'assignee' or ${sees('n')}) then 'named'
        when n.active and not n.here and n.stand_in_id is not null and ${sees('ns')} then 'named substitute'
        when h.here and ${sees('h')} then 'head'
        when h.active and not h.here and h.stand_in_id is not null and ${sees('hs')} then 'head substitute'
        when h.active and ${sees('h')} then 'head'
        else 'administrators'
      end as rung
    from work w
    left join people n on n.id = w.named_id
    left join people ns on ns.id = n.stand_in_id
    left join people h on h.id = w.head_id
    left join people hs on hs.id = h.stand_in_id),
  administrators as materialized (
    select id from people where level = 0 and active
      and (here or not exists (select 1 from people where level = 0 and here))),
  recipients as materialized (
    select rungs.*,
      case rung when 'named' then named_id when 'named substitute' then named_substitute_id
        when 'head' then head_id else head_substitute_id end as user_id,
      case rung when 'named' then case tell when 'user' then 'named' when 'substitute' then 'deputy' else tell end
        when 'head' then 'head' else 'substitute' end as told_as,
      case when rung = 'named substitute' then named_name when rung = 'head substitute' then head_name
        when rung = 'named' and tell = 'substitute' then owner_name end as stands_in_for
    from rungs where rung <> 'administrators'
    union all
    select rungs.*, a.id, 'administrator', null from rungs cross join administrators a
    where rung = 'administrators')`;

/** How far from one substitute to the next; nobody comes twice, so that two who stand in for each other end it. */
function chain() {
  return sql`
    with recursive steps as (
      select e.id as person_id, s.id as stand_in_id, s.here, s.substitute_id, 1 as step, array[e.id, s.id] as met
      from everybody e join everybody s on s.id = e.substitute_id and s.active and s.id <> e.id
      union all
      select c.person_id, s.id, s.here, s.substitute_id, c.step + 1, c.met || s.id
      from steps c join everybody s on s.id = c.substitute_id and s.active and s.id <> all (c.met)
      where not c.here and c.step < 5)
    select person_id, stand_in_id, here, step from steps`;
}

/** Heads view every request, so most need not be asked one by one. */
function sees(person: 'n' | 'ns' | 'h' | 'hs') {
  const one = sql.raw(person);
  return sql`(w.subject_kind = 'request' and ${one}.level <= 1
    or ${seesRecord(sql`${one}.id`, sql`w.subject_kind`, sql`w.subject_id`)})`;
}
