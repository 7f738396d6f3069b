CREATE TABLE "client_merges" (
	"old_id" bigint PRIMARY KEY NOT NULL,
	"old_number" text NOT NULL,
	"old_name" text NOT NULL,
	"client_id" bigint NOT NULL,
	"merged_by_id" bigint NOT NULL,
	"merged_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "client_merges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "clients_primary_rm";--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "open_work" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "client_merges" ADD CONSTRAINT "client_merges_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_merges" ADD CONSTRAINT "client_merges_merged_by_id_users_id_fk" FOREIGN KEY ("merged_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "client_merges_client" ON "client_merges" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "client_merges_number" ON "client_merges" USING btree ("old_number");--> statement-breakpoint
CREATE INDEX "clients_type" ON "clients" USING btree ("type","id");--> statement-breakpoint
CREATE INDEX "clients_open_work" ON "clients" USING btree ("open_work","id");--> statement-breakpoint
CREATE INDEX "clients_last_contact" ON "clients" USING btree (coalesce("last_contact_at", '-infinity'),"id");--> statement-breakpoint
CREATE INDEX "clients_archived" ON "clients" USING btree ("id") WHERE lifecycle = 'archived';--> statement-breakpoint
CREATE INDEX "clients_primary_rm" ON "clients" USING btree ("primary_rm_id","id");--> statement-breakpoint
CREATE POLICY "client_merges_scoped_read" ON "client_merges" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from client_access a where a.client_id = client_merges.client_id));--> statement-breakpoint
CREATE POLICY "client_merges_all" ON "client_merges" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "client_merges_system" ON "client_merges" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER POLICY "audit_log_scoped_read" ON "audit_log" TO rapport_scoped USING ((table_name = 'leads' and exists (select 1 from leads v where v.id = row_id)) or (table_name = 'clients' and exists (select 1 from clients v where v.id = row_id)) or (table_name = 'queries' and exists (select 1 from queries v where v.id = row_id)) or (table_name = 'service_requests' and exists (select 1 from service_requests v where v.id = row_id)) or (table_name = 'holdings' and exists (select 1 from holdings v where v.id = row_id)) or (table_name = 'products' and exists (select 1 from products v where v.id = row_id)) or (table_name in ('client_contact_points', 'client_addresses', 'client_tags', 'client_merges') and exists (select 1 from clients v where v.id = row_id)));--> statement-breakpoint
ALTER TABLE "client_merges" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select on client_merges to rapport_scoped, rapport_all, rapport_search;--> statement-breakpoint
grant select, insert, update, delete on client_merges to rapport_system;--> statement-breakpoint
create trigger audit after insert or update or delete on client_merges for each row execute function app.audit('client_id');--> statement-breakpoint

-- As before, and without the count of open work, which says what the work's own history says.
create or replace function app.audit() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden text[] := array['pan_cipher', 'pan_index', 'pan_ref', 'sort_name', 'name_key', 'updated_at', 'version',
    'last_contact_at', 'last_contact_channel', 'last_contact_by_id', 'last_contact_summary', 'open_work', 'due_at'];
  o jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  n jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  pan_changed boolean := tg_op = 'UPDATE' and o ->> 'pan_index' is distinct from n ->> 'pan_index';
  row_key bigint := coalesce(n, o) ->> tg_argv[0];
begin
  o := o - hidden;
  n := n - hidden;
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(a.key, o -> a.key), jsonb_object_agg(a.key, a.value) into o, n
    from jsonb_each(n) a where a.value is distinct from o -> a.key;
    if pan_changed then n := coalesce(n, '{}') || '{"pan": "changed"}'; end if;
    if n is null then return null; end if;
  end if;
  insert into audit_log (table_name, row_id, action, old_values, new_values, actor_id)
  values (tg_table_name, row_key, lower(tg_op), o, jsonb_strip_nulls(n), app.user_id());
  return null;
end $$;--> statement-breakpoint

-- How much is open for a client. Whoever sees the client sees all of it, so one number serves everybody.
create function app.count_open_work(ids bigint[]) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  perform 1 from clients where id = any (ids) order by id for no key update;
  update clients c set open_work = w.open
  from (
    select t.id, (select count(*) from queries q where q.client_id = t.id and q.status in ('open', 'in_progress'))
      + (select count(*) from service_requests r where r.client_id = t.id and r.status in ('pending', 'in_progress')) as open
    from unnest(ids) t(id)
  ) w
  where c.id = w.id and c.open_work <> w.open;
end $$;--> statement-breakpoint
create function app.keep_open_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  open constant text[] := array['open', 'pending', 'in_progress'];
  ids bigint[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct client_id) into ids from new_rows where status = any (open);
  elsif tg_op = 'DELETE' then
    select array_agg(distinct client_id) into ids from old_rows where status = any (open);
  else
    select array_agg(distinct c) into ids
    from new_rows n join old_rows o on o.id = n.id cross join lateral unnest(array[n.client_id, o.client_id]) c
    where (n.client_id, n.status = any (open)) is distinct from (o.client_id, o.status = any (open));
  end if;
  perform app.count_open_work(ids);
  return null;
end $$;--> statement-breakpoint
create trigger open_work_added after insert on queries referencing new table as new_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint
create trigger open_work_changed after update on queries referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint
create trigger open_work_removed after delete on queries referencing old table as old_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint
create trigger open_work_added after insert on service_requests referencing new table as new_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint
create trigger open_work_changed after update on service_requests referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint
create trigger open_work_removed after delete on service_requests referencing old table as old_rows
  for each statement execute function app.keep_open_work();--> statement-breakpoint

-- Makes two clients one. Whatever refers to the one that goes, in tables known or yet to come, refers to the other
-- afterwards; what both have is kept once. The actor must see both; whether he may is the command's to judge.
create function app.merge_clients(kept bigint, gone bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  place record;
begin
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
end $$;--> statement-breakpoint
grant update on client_contact_points, client_addresses, client_tags, client_notes, client_merges, duplicate_reviews,
  holdings, leads, interactions, clocks to rapport_search;--> statement-breakpoint
grant delete on clients, client_contact_points, client_tags to rapport_search;--> statement-breakpoint
grant insert on client_merges to rapport_search;--> statement-breakpoint

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'app'::regnamespace
    and p.proname in ('count_open_work', 'keep_open_work', 'merge_clients') loop
    execute format('alter function %s owner to rapport_search', f.name);
    execute format('revoke all on function %s from public', f.name);
    execute format('grant execute on function %s to rapport_search', f.name);
  end loop;
end $$;--> statement-breakpoint
grant execute on function app.merge_clients(bigint, bigint) to rapport_scoped, rapport_all;--> statement-breakpoint

-- The owner of the tables sees no rows of them.
set local role rapport_search;--> statement-breakpoint
select app.count_open_work(array(select q.client_id from queries q union select r.client_id from service_requests r));--> statement-breakpoint
reset role;
