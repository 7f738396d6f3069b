-- Of a client that went out of sight meanwhile nothing is locked: changing it says what is the matter.
create or replace function app.lock_work_of_client(client bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
begin
  if not app.may('clients.edit') or not (everything
    or exists (select 1 from client_access a where a.client_id = client and a.principal = any (mine)))
  then return; end if;
  perform 1 from queries where client_id = client order by id for no key update;
  perform 1 from service_requests where client_id = client order by id for no key update;
end $$;
