-- What a policy looks at changed on a query or a request, by whichever way, or something was said about it with the
-- client: a worker brings its clocks up to it.
create trigger clocks_changed after update on queries for each row
  when ((old.priority, old.team_id, old.client_id) is distinct from (new.priority, new.team_id, new.client_id))
  execute function app.refresh_clocks('query', 'id');--> statement-breakpoint
create trigger clocks_changed after update on service_requests for each row
  when ((old.priority, old.team_id, old.client_id, old.type_id)
    is distinct from (new.priority, new.team_id, new.client_id, new.type_id))
  execute function app.refresh_clocks('request', 'id');--> statement-breakpoint
create trigger clocks_query_said after insert on interactions for each row when (new.query_id is not null)
  execute function app.refresh_clocks('query', 'query_id');--> statement-breakpoint
create trigger clocks_request_said after insert on interactions for each row when (new.request_id is not null)
  execute function app.refresh_clocks('request', 'request_id');--> statement-breakpoint
create trigger clocks_query_corrected after update on interactions for each row
  when ((old.query_id is not null or new.query_id is not null)
    and (old.query_id, old.occurred_at, old.direction, old.missed, old.automatic, old.channel)
      is distinct from (new.query_id, new.occurred_at, new.direction, new.missed, new.automatic, new.channel))
  execute function app.refresh_clocks('query', 'query_id');--> statement-breakpoint
create trigger clocks_request_corrected after update on interactions for each row
  when ((old.request_id is not null or new.request_id is not null)
    and (old.request_id, old.occurred_at, old.direction, old.missed, old.automatic, old.channel)
      is distinct from (new.request_id, new.occurred_at, new.direction, new.missed, new.automatic, new.channel))
  execute function app.refresh_clocks('request', 'request_id');--> statement-breakpoint

-- A client's tier and tags decide which policy holds for the work that is open for him.
create function app.refresh_work_clocks() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  of_client bigint := (to_jsonb(case when tg_op = 'DELETE' then old else new end) ->> tg_argv[0])::bigint;
begin
  insert into clock_refresh (subject_kind, subject_id)
  select 'query', id from queries where client_id = of_client and status in ('open', 'in_progress')
  union all
  select 'request', id from service_requests where client_id = of_client and status in ('pending', 'in_progress')
  on conflict (subject_kind, subject_id) do update set since = clock_refresh.since;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;--> statement-breakpoint
create trigger work_clocks_changed after update on clients for each row when (old.tier is distinct from new.tier)
  execute function app.refresh_work_clocks('id');--> statement-breakpoint
create trigger work_clocks_changed after insert or delete on client_tags for each row
  execute function app.refresh_work_clocks('client_id');--> statement-breakpoint
do $$
begin
  alter function app.refresh_work_clocks() owner to rapport_search;
  revoke all on function app.refresh_work_clocks() from public;
  grant execute on function app.refresh_work_clocks() to rapport_search;
end $$;
