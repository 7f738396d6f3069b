-- As before; heads see every request, so theirs need not be looked up one by one.
create or replace function app.seen_promises(of_kind text, since timestamptz, until timestamptz)
returns table (clock_id bigint, subject_id bigint, target text, ended_at timestamptz, late boolean, ours integer,
  client integer, third_party integer) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all() or (of_kind = 'request' and app.is_head());
begin
  return query
    select k.id, k.subject_id, k.target, k.ended_at, k.breached_at is not null, k.minutes_ours, k.minutes_client,
      k.minutes_third_party
    from clocks k
    where k.subject_kind = of_kind and k.state = 'satisfied' and k.ended_at >= since and k.ended_at < until
      and (everything or k.subject_id in (select s.subject_id from app.seen_subjects(of_kind) s));
end $$;--> statement-breakpoint
create or replace function app.seen_steps(of_kind text, since timestamptz, until timestamptz)
returns table (escalation_id bigint, kind text, carried_out_at timestamptz, subject_id bigint, target text,
  policy_version_id bigint) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all() or (of_kind = 'request' and app.is_head());
begin
  return query
    select e.id, e.kind, e.carried_out_at, k.subject_id, k.target, e.policy_version_id
    from escalations e join clocks k on k.id = e.clock_id
    where e.carried_out_at >= since and e.carried_out_at < until and k.subject_kind = of_kind
      and (everything or k.subject_id in (select s.subject_id from app.seen_subjects(of_kind) s));
end $$;
