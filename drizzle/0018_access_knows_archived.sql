DROP INDEX "client_access_sorted";--> statement-breakpoint
ALTER TABLE "client_access" ADD COLUMN "active" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "client_access_sorted" ON "client_access" USING btree ("principal","sort_name","client_id","active");--> statement-breakpoint

-- As before, and saying whether the client is archived: lists leave those out without asking the clients.
create or replace function app.refresh_client_access(ids bigint[]) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  -- Two transactions that touch the same client one after the other must not both compute from what they saw before.
  perform 1 from clients where id = any (ids) order by id for no key update;
  with wanted as materialized (
    select distinct w.principal, c.id as client_id, c.sort_name, c.lifecycle = 'active' as active
    from clients c
    join lateral (
      select c.primary_rm_id as principal
      union all select c.secondary_rm_id
      union all select coalesce(r.assignee_id, -r.team_id) from service_requests r
        where r.client_id = c.id and r.status in ('pending', 'in_progress')
      union all select coalesce(q.rm_id, -q.team_id) from queries q
        where q.client_id = c.id and q.status in ('open', 'in_progress')
    ) w on w.principal is not null
    where c.id = any (ids)
  ), gone as (
    delete from client_access a
    using (
      select h.client_id, h.principal from client_access h where h.client_id = any (ids)
      except select w.client_id, w.principal from wanted w
    ) d
    where a.client_id = d.client_id and a.principal = d.principal
  )
  insert into client_access as a (principal, client_id, sort_name, active)
  select principal, client_id, sort_name, active from wanted
  on conflict (client_id, principal) do update set sort_name = excluded.sort_name, active = excluded.active
  where (a.sort_name, a.active) <> (excluded.sort_name, excluded.active);
end $$;--> statement-breakpoint

create or replace function app.client_access_of_clients() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into client_access (principal, client_id, sort_name, active)
    select p.principal, n.id, n.sort_name, n.lifecycle = 'active'
    from new_rows n cross join lateral (select n.primary_rm_id as principal union select n.secondary_rm_id) p
    where p.principal is not null
    on conflict do nothing;
  else
    perform app.refresh_client_access(array(
      select d.id from (
        select id, primary_rm_id, secondary_rm_id, sort_name, lifecycle from new_rows
        except select id, primary_rm_id, secondary_rm_id, sort_name, lifecycle from old_rows) d));
  end if;
  return null;
end $$;--> statement-breakpoint

-- The owner of the tables sees no rows of them.
set local role rapport_search;--> statement-breakpoint
update client_access a set active = false from clients c where c.id = a.client_id and c.lifecycle = 'archived';--> statement-breakpoint
reset role;
