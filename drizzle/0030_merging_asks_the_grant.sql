-- What the procedure asks for, the function asks for too: it changes what row level security alone would keep.
create or replace function app.merge_clients(kept bigint, gone bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  place record;
begin
  if not app.may('clients.merge') then
    raise exception 'Merging clients is not granted' using errcode = 'insufficient_privilege'; end if;
  perform 1 from clients where id in (kept, gone) order by id for update;
  if kept = gone or (select count(*) from clients c where c.id in (kept, gone) and (everything
    or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)))) <> 2
  then raise exception 'These two clients cannot be merged' using errcode = 'insufficient_privilege'; end if;
  delete from client_contact_points p using client_contact_points k
  where p.client_id = gone and k.client_id = kept and k.kind = p.kind and k.value_key = p.value_key;
  update client_contact_points p set "primary" = false
  where p.client_id = gone and p."primary"
    and exists (select 1 from client_contact_points k where k.client_id = kept and k.kind = p.kind and k."primary");
  delete from client_tags t using client_tags k where t.client_id = gone and k.client_id = kept and k.tag = t.tag;
  for place in
    select c.conrelid::regclass as name, a.attname as field
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'public.clients'::regclass and c.conrelid <> 'public.client_access'::regclass
    order by 1, 2
  loop
    execute format('update %s set %I = $1 where %I = $2', place.name, place.field, place.field) using kept, gone;
  end loop;
  insert into client_merges (old_id, old_number, old_name, client_id, merged_by_id)
  select c.id, c.number, c.name, kept, app.user_id() from clients c where c.id = gone;
  delete from clients where id = gone;
end $$;
