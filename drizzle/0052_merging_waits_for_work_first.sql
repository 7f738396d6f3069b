-- Two clients that are to be merged, after the work on them: whoever changes work waits for its client afterwards, and
-- the notes and clocks of the work come after both. See decision 0021.
create function app.lock_clients_to_merge(kept bigint, gone bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.may('clients.merge') then
    raise exception 'Merging clients is not granted' using errcode = 'insufficient_privilege'; end if;
  perform 1 from queries where client_id in (kept, gone) order by id for no key update;
  perform 1 from service_requests where client_id in (kept, gone) order by id for no key update;
  perform 1 from leads where client_id in (kept, gone) or given_by_client_id in (kept, gone)
    order by id for no key update;
  perform 1 from clients where id in (kept, gone) order by id for update;
end $$;--> statement-breakpoint
alter function app.lock_clients_to_merge(bigint, bigint) owner to rapport_search;--> statement-breakpoint
revoke all on function app.lock_clients_to_merge(bigint, bigint) from public;--> statement-breakpoint
grant execute on function app.lock_clients_to_merge(bigint, bigint) to rapport_scoped, rapport_all;--> statement-breakpoint

-- Notes on the work of a client in the order in which many records at once are locked.
create or replace function app.refresh_work_clocks() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  of_client bigint := (to_jsonb(case when tg_op = 'DELETE' then old else new end) ->> tg_argv[0])::bigint;
begin
  insert into clock_refresh (subject_kind, subject_id)
  select kind, id from (
    select 'query' as kind, id from queries where client_id = of_client and status in ('open', 'in_progress')
    union all
    select 'request', id from service_requests where client_id = of_client and status in ('pending', 'in_progress')
  ) work order by kind, id
  on conflict (subject_kind, subject_id) do update set since = clock_refresh.since;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;
