-- What reports count, read in one look instead of asking the policies about every row: what somebody sees is worked out
-- once for all of it. The conditions are those of the tables' policies.

-- Records of a kind; for the functions below.
create function app.seen_subjects(of_kind text) returns table (subject_id bigint) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  headed bigint[] := app.headed_team_ids();
  mine bigint[] := app.principals();
begin
  if of_kind = 'query' then
    return query select q.id from queries q
      where everything or q.rm_id = any (people) or (q.rm_id is null and q.team_id = any (teams))
        or q.client_id in (select a.client_id from client_access a where a.principal = any (mine));
  elsif of_kind = 'request' then
    return query select r.id from service_requests r
      where everything or app.is_head() or r.assignee_id = any (people) or r.team_id = any (teams)
        or r.client_id in (select a.client_id from client_access a where a.principal = any (mine));
  elsif of_kind = 'lead' then
    return query select l.id from leads l
      where everything or l.conversion_rm_id = any (people) or l.obtained_by_id = any (people)
        or (l.conversion_rm_id is null and l.team_id = any (headed));
  elsif of_kind = 'client' then
    return query select c.id from clients c
      where everything or c.primary_rm_id = any (people) or c.secondary_rm_id = any (people)
        or c.id in (select a.client_id from client_access a where a.principal = any (mine));
  end if;
end $$;--> statement-breakpoint

-- Promises on records of a kind that ended in a stretch of time, kept or late.
create function app.seen_promises(of_kind text, since timestamptz, until timestamptz)
returns table (clock_id bigint, subject_id bigint, target text, ended_at timestamptz, late boolean, ours integer,
  client integer, third_party integer) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
begin
  return query
    select k.id, k.subject_id, k.target, k.ended_at, k.breached_at is not null, k.minutes_ours, k.minutes_client,
      k.minutes_third_party
    from clocks k
    where k.subject_kind = of_kind and k.state = 'satisfied' and k.ended_at >= since and k.ended_at < until
      and (everything or k.subject_id in (select s.subject_id from app.seen_subjects(of_kind) s));
end $$;--> statement-breakpoint

-- Steps of ladders on records of a kind that were carried out in a stretch of time.
create function app.seen_steps(of_kind text, since timestamptz, until timestamptz)
returns table (escalation_id bigint, kind text, carried_out_at timestamptz, subject_id bigint, target text,
  policy_version_id bigint) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
begin
  return query
    select e.id, e.kind, e.carried_out_at, k.subject_id, k.target, k.policy_version_id
    from escalations e join clocks k on k.id = e.clock_id
    where e.carried_out_at >= since and e.carried_out_at < until and k.subject_kind = of_kind
      and (everything or k.subject_id in (select s.subject_id from app.seen_subjects(of_kind) s));
end $$;--> statement-breakpoint

-- Portfolio reviews of clients, as they were logged.
create function app.seen_reviews()
returns table (interaction_id bigint, client_id bigint, occurred_at timestamptz, held_on date, next_on date) rows 50000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  me bigint := app.acting_user_id();
begin
  return query
    select i.id, i.client_id, i.occurred_at, p.held_on, p.next_on
    from interactions i left join portfolio_reviews p on p.interaction_id = i.id
    where i.purpose = 'portfolio_review'
      and (everything or i.user_id = me or i.logged_by_id = me
        or i.client_id in (select a.client_id from client_access a where a.principal = any (mine)));
end $$;--> statement-breakpoint
do $$
declare
  f text;
begin
  foreach f in array array['seen_subjects(text)', 'seen_promises(text, timestamptz, timestamptz)',
    'seen_steps(text, timestamptz, timestamptz)', 'seen_reviews()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
    if f not like 'seen_subjects%' then
      execute format('grant execute on function app.%s to rapport_scoped, rapport_all', f);
    end if;
  end loop;
end $$;--> statement-breakpoint
grant select on portfolio_reviews to rapport_search;
