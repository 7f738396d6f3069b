DROP INDEX "clocks_policy";--> statement-breakpoint
DROP INDEX "interactions_reviews";--> statement-breakpoint
CREATE INDEX "clocks_policy" ON "clocks" USING btree ("policy_version_id","state");--> statement-breakpoint
CREATE INDEX "interactions_reviews" ON "interactions" USING btree ("client_id","occurred_at","user_id","logged_by_id","id") WHERE purpose = 'portfolio_review';--> statement-breakpoint

-- What reports count is read in one pass over the clocks for all kinds of records, instead of one for each; what
-- somebody sees is gathered reason by reason, each through its index.
create or replace function app.seen_subjects(of_kind text) returns table (subject_id bigint) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  headed bigint[] := app.headed_team_ids();
  mine bigint[] := app.principals();
begin
  if of_kind = 'query' then
    return query select q.id from queries q where q.rm_id = any (people)
      union select q.id from queries q where q.rm_id is null and q.team_id = any (teams)
      union select q.id from client_access a join queries q on q.client_id = a.client_id where a.principal = any (mine);
  elsif of_kind = 'request' then
    return query select r.id from service_requests r where r.assignee_id = any (people)
      union select r.id from service_requests r where r.team_id = any (teams)
      union select r.id from client_access a join service_requests r on r.client_id = a.client_id
        where a.principal = any (mine);
  elsif of_kind = 'lead' then
    return query select l.id from leads l where l.conversion_rm_id = any (people)
      union select l.id from leads l where l.obtained_by_id = any (people)
      union select l.id from leads l where l.conversion_rm_id is null and l.team_id = any (headed);
  elsif of_kind = 'client' then
    return query select c.id from clients c where c.primary_rm_id = any (people)
      union select c.id from clients c where c.secondary_rm_id = any (people)
      union select a.client_id from client_access a where a.principal = any (mine);
  end if;
end $$;--> statement-breakpoint
drop function app.seen_promises(text, timestamptz, timestamptz);--> statement-breakpoint
drop function app.seen_steps(text, timestamptz, timestamptz);--> statement-breakpoint

-- Promises that ended in a stretch of time, kept or late. Heads see every request, so theirs need not be looked up.
create function app.seen_promises(since timestamptz, until timestamptz)
returns table (clock_id bigint, subject_kind text, subject_id bigint, target text, ended_at timestamptz, late boolean,
  ours integer, client integer, third_party integer) rows 100000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  requests boolean := app.is_head();
begin
  return query
    select k.id, k.subject_kind, k.subject_id, k.target, k.ended_at, k.breached_at is not null, k.minutes_ours,
      k.minutes_client, k.minutes_third_party
    from clocks k
    where k.state = 'satisfied' and k.ended_at >= since and k.ended_at < until
      and (everything or case k.subject_kind
        when 'query' then k.subject_id in (select s.subject_id from app.seen_subjects('query') s)
        when 'request' then requests or k.subject_id in (select s.subject_id from app.seen_subjects('request') s)
        when 'lead' then k.subject_id in (select s.subject_id from app.seen_subjects('lead') s)
        else k.subject_id in (select s.subject_id from app.seen_subjects('client') s) end);
end $$;--> statement-breakpoint

-- Steps of ladders that were carried out in a stretch of time, on records of a kind or of all.
create function app.seen_steps(since timestamptz, until timestamptz, of_kind text default null)
returns table (escalation_id bigint, kind text, carried_out_at timestamptz, subject_kind text, subject_id bigint,
  target text, policy_version_id bigint) rows 100000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  requests boolean := app.is_head();
begin
  return query
    select e.id, e.kind, e.carried_out_at, k.subject_kind, k.subject_id, k.target, e.policy_version_id
    from escalations e join clocks k on k.id = e.clock_id
    where e.carried_out_at >= since and e.carried_out_at < until and (of_kind is null or k.subject_kind = of_kind)
      and (everything or case k.subject_kind
        when 'query' then k.subject_id in (select s.subject_id from app.seen_subjects('query') s)
        when 'request' then requests or k.subject_id in (select s.subject_id from app.seen_subjects('request') s)
        when 'lead' then k.subject_id in (select s.subject_id from app.seen_subjects('lead') s)
        else k.subject_id in (select s.subject_id from app.seen_subjects('client') s) end);
end $$;--> statement-breakpoint
do $$
declare
  f text;
begin
  foreach f in array array['seen_promises(timestamptz, timestamptz)', 'seen_steps(timestamptz, timestamptz, text)'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search, rapport_scoped, rapport_all', f);
  end loop;
end $$;
