-- What was said with the two is locked as well: whoever corrects or deletes it waits for the client afterwards, whose
-- last contact follows, and has noted the work it is about by then. See decision 0021.
create or replace function app.lock_clients_to_merge(kept bigint, gone bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.may('clients.merge') then
    raise exception 'Merging clients is not granted' using errcode = 'insufficient_privilege'; end if;
  perform 1 from queries where client_id in (kept, gone) order by id for no key update;
  perform 1 from service_requests where client_id in (kept, gone) order by id for no key update;
  perform 1 from leads where client_id in (kept, gone) or given_by_client_id in (kept, gone)
    order by id for no key update;
  perform 1 from interactions where client_id in (kept, gone) order by id for no key update;
  perform 1 from clients where id in (kept, gone) order by id for update;
end $$;--> statement-breakpoint

-- The work on a client that is to be renamed, which shows the name, before the client.
create function app.lock_work_of_client(client bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
begin
  if not app.may('clients.edit') or not (everything
    or exists (select 1 from client_access a where a.client_id = client and a.principal = any (mine)))
  then raise exception 'This client cannot be changed' using errcode = 'insufficient_privilege'; end if;
  perform 1 from queries where client_id = client order by id for no key update;
  perform 1 from service_requests where client_id = client order by id for no key update;
end $$;--> statement-breakpoint
alter function app.lock_work_of_client(bigint) owner to rapport_search;--> statement-breakpoint
revoke all on function app.lock_work_of_client(bigint) from public;--> statement-breakpoint
grant execute on function app.lock_work_of_client(bigint) to rapport_scoped, rapport_all;
