CREATE TABLE "calendar_versions" (
	"calendar_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"windows" jsonb NOT NULL,
	"holidays" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calendar_versions_calendar_id_version_pk" PRIMARY KEY("calendar_id","version")
);
--> statement-breakpoint
ALTER TABLE "calendar_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "lapsed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "calendar_version" integer;--> statement-breakpoint
ALTER TABLE "calendar_versions" ADD CONSTRAINT "calendar_versions_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clocks_lapsed" ON "clocks" USING btree ("subject_kind","subject_id") WHERE lapsed;--> statement-breakpoint
CREATE POLICY "calendar_versions_scoped_read" ON "calendar_versions" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "calendar_versions_all" ON "calendar_versions" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "calendar_versions_system" ON "calendar_versions" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER TABLE "calendar_versions" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on calendar_versions to rapport_system;--> statement-breakpoint
grant select, insert, update on calendar_versions to rapport_search;--> statement-breakpoint
grant select on calendar_versions to rapport_scoped, rapport_all;--> statement-breakpoint

-- What a calendar says when a change of it commits, whatever changed it and in which order.
create function app.keep_calendar_version() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into calendar_versions (calendar_id, version, name, time_zone, windows, holidays)
  select c.id, c.version, c.name, c.time_zone,
    (select coalesce(jsonb_agg(jsonb_build_object('weekday', w.weekday, 'opens', w.opens, 'closes', w.closes)
      order by w.weekday, w.opens), '[]') from calendar_windows w where w.calendar_id = c.id),
    (select coalesce(jsonb_agg(jsonb_build_object('on', h.on_date, 'name', h.name, 'windows', coalesce(h.windows, '[]'))
      order by h.on_date), '[]') from calendar_holidays h where h.calendar_id = c.id)
  from calendars c where c.id = new.id
  on conflict (calendar_id, version) do update set name = excluded.name, time_zone = excluded.time_zone,
    windows = excluded.windows, holidays = excluded.holidays;
  return null;
end $$;--> statement-breakpoint
create constraint trigger version_kept after insert or update on calendars deferrable initially deferred
  for each row execute function app.keep_calendar_version();--> statement-breakpoint

-- The due time of the newest resolution, on the row it runs for; none once that is void.
create or replace function app.copy_due() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  due timestamptz := case when new.state <> 'cancelled' then new.due_at end;
begin
  if exists (select 1 from clocks k where k.subject_kind = new.subject_kind and k.subject_id = new.subject_id
    and k.target = 'resolution' and k.round > new.round) then return null; end if;
  if new.subject_kind = 'query' then
    update queries set due_at = due where id = new.subject_id and due_at is distinct from due;
  else
    update service_requests set due_at = due where id = new.subject_id and due_at is distinct from due;
  end if;
  return null;
end $$;--> statement-breakpoint
drop trigger due_moved on clocks;--> statement-breakpoint
create trigger due_moved after update on clocks for each row
  when (new.target = 'resolution' and (old.due_at, old.state) is distinct from (new.due_at, new.state))
  execute function app.copy_due();--> statement-breakpoint

-- Work that is reopened owes what is promised from then on, and nothing that lapsed before it was finished.
create function app.reopen_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  new.due_at := (select k.due_at from clocks k where k.subject_kind = tg_argv[0] and k.subject_id = new.id
    and k.target = 'resolution' and k.state in ('running', 'paused'));
  update clocks set lapsed = false where subject_kind = tg_argv[0] and subject_id = new.id and lapsed;
  return new;
end $$;--> statement-breakpoint
create trigger reopened before update on queries for each row
  when (old.status in ('resolved', 'closed') and new.status in ('open', 'in_progress'))
  execute function app.reopen_work('query');--> statement-breakpoint
create trigger reopened before update on service_requests for each row
  when (old.status in ('completed', 'rejected') and new.status in ('pending', 'in_progress'))
  execute function app.reopen_work('request');--> statement-breakpoint

-- Policies for clients may look at the main team of who looks after them.
create function app.refresh_book() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into clock_refresh (subject_kind, subject_id)
  select 'client', c.id from clients c where c.primary_rm_id = new.id and c.lifecycle = 'active' order by c.id
  on conflict (subject_kind, subject_id) do update set since = clock_refresh.since;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;--> statement-breakpoint
create trigger clocks_changed after update on users for each row
  when (old.main_team_id is distinct from new.main_team_id) execute function app.refresh_book();--> statement-breakpoint
do $$
declare f text;
begin
  foreach f in array array['keep_calendar_version()', 'reopen_work()', 'refresh_book()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint

-- What ended before is explained by the calendars as they are now, whatever becomes of them.
insert into calendar_versions (calendar_id, version, name, time_zone, windows, holidays)
select c.id, c.version, c.name, c.time_zone,
  (select coalesce(jsonb_agg(jsonb_build_object('weekday', w.weekday, 'opens', w.opens, 'closes', w.closes)
    order by w.weekday, w.opens), '[]') from calendar_windows w where w.calendar_id = c.id),
  (select coalesce(jsonb_agg(jsonb_build_object('on', h.on_date, 'name', h.name, 'windows', coalesce(h.windows, '[]'))
    order by h.on_date), '[]') from calendar_holidays h where h.calendar_id = c.id)
from calendars c;--> statement-breakpoint

-- Promises on open work that became void with a policy, and not because the work was refused.
update clocks k set lapsed = true
where k.state = 'cancelled' and k.target in ('first_response', 'resolution')
  and not exists (select 1 from clocks later where later.subject_kind = k.subject_kind and later.subject_id = k.subject_id
    and later.target = k.target and later.round > k.round)
  and case k.subject_kind
    when 'query' then exists (select 1 from queries q where q.id = k.subject_id and q.status in ('open', 'in_progress'))
    when 'request' then exists (select 1 from service_requests r where r.id = k.subject_id
        and r.status in ('pending', 'in_progress'))
      and not exists (select 1 from audit_log a where a.table_name = 'service_requests' and a.row_id = k.subject_id
        and a.new_values ->> 'status' = 'rejected')
    else false end;--> statement-breakpoint

-- Due times without a promise.
alter table queries disable trigger user;--> statement-breakpoint
update queries q set due_at = null where due_at is not null and status in ('open', 'in_progress')
  and not exists (select 1 from clocks k where k.subject_kind = 'query' and k.subject_id = q.id
    and k.target = 'resolution' and k.state in ('running', 'paused'));--> statement-breakpoint
alter table queries enable trigger user;--> statement-breakpoint
alter table service_requests disable trigger user;--> statement-breakpoint
update service_requests r set due_at = null where due_at is not null and (status = 'rejected'
  or status in ('pending', 'in_progress') and not exists (select 1 from clocks k where k.subject_kind = 'request'
    and k.subject_id = r.id and k.target = 'resolution' and k.state in ('running', 'paused')));--> statement-breakpoint
alter table service_requests enable trigger user;--> statement-breakpoint

-- Records that lack a promise, or have one of a team that is no longer the main one, are looked at again.
insert into clock_refresh (subject_kind, subject_id)
select 'lead', id from leads where status in ('new', 'wip')
union all select 'client', id from clients where lifecycle = 'active'
union all select distinct subject_kind, subject_id from clocks where lapsed
on conflict do nothing;
