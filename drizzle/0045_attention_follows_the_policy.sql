ALTER TABLE "clients" ADD COLUMN "contact_warning_days" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "contact_urgent_days" integer DEFAULT 90 NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "contact_warning_from" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "contact_urgent_from" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "clients_attention" ON "clients" USING btree ("contact_urgent_from","contact_warning_from") WHERE lifecycle = 'active';--> statement-breakpoint

-- What a record derives from others is no change of somebody's.
create or replace function app.audit() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden text[] := array['pan_cipher', 'pan_index', 'pan_ref', 'sort_name', 'name_key', 'updated_at', 'version',
    'last_contact_at', 'last_contact_channel', 'last_contact_by_id', 'last_contact_summary', 'open_work', 'due_at', 'priority_rank', 'status_rank',
    'assigned_at', 'contact_warning_days', 'contact_urgent_days', 'contact_warning_from', 'contact_urgent_from'];
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

-- The midnight of the firm's date that comes so many whole days after a moment, and one more: when more than those days
-- have passed.
create function app.days_passed(since timestamptz, days integer, zone text) returns timestamptz language sql immutable
set search_path = pg_catalog, pg_temp as $$
  select ((since at time zone zone)::date + days + 1)::timestamp at time zone zone
$$;--> statement-breakpoint

-- From when on a client is due soon and urgent, whoever changes the last contact or the days.
create function app.date_attention() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  zone text := (select coalesce(max(time_zone), 'Asia/Kolkata') from firm_settings);
begin
  new.contact_warning_from := app.days_passed(new.last_contact_at, new.contact_warning_days, zone);
  new.contact_urgent_from := app.days_passed(new.last_contact_at, new.contact_urgent_days, zone);
  return new;
end $$;--> statement-breakpoint
create trigger attention_dated before insert
  or update of last_contact_at, contact_warning_days, contact_urgent_days, contact_warning_from, contact_urgent_from
  on clients for each row execute function app.date_attention();--> statement-breakpoint

-- Its dates begin at other moments in another time zone: the worker goes through all clients.
create function app.refresh_attention() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into clock_refresh (subject_kind, subject_id)
  select 'client', id from clients where last_contact_at is not null order by id
  on conflict do nothing;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;--> statement-breakpoint
create trigger attention_moved after update on firm_settings for each row
  when (old.time_zone is distinct from new.time_zone) execute function app.refresh_attention();--> statement-breakpoint
do $$
declare f text;
begin
  foreach f in array array['days_passed(timestamptz, integer, text)', 'date_attention()', 'refresh_attention()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint
grant execute on function app.days_passed(timestamptz, integer, text) to rapport_system;--> statement-breakpoint

update clients set contact_urgent_days = contact_urgent_days where last_contact_at is not null;--> statement-breakpoint
insert into clock_refresh (subject_kind, subject_id)
select 'client', id from clients where lifecycle = 'active'
on conflict do nothing;
