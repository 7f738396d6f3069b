CREATE TABLE "lead_contacts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lead_contacts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"lead_id" bigint NOT NULL,
	"user_id" bigint NOT NULL,
	"channel" text NOT NULL,
	"direction" text NOT NULL,
	"answered" boolean NOT NULL,
	"subject" text NOT NULL,
	"body" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"logged_by_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lead_contacts_channel" CHECK ("lead_contacts"."channel" in ('in_person', 'call', 'email', 'video', 'whatsapp', 'sms', 'note')),
	CONSTRAINT "lead_contacts_direction" CHECK ("lead_contacts"."direction" in ('inbound', 'outbound', 'internal')),
	CONSTRAINT "lead_contacts_said" CHECK ("lead_contacts"."channel" <> 'note' and "lead_contacts"."direction" <> 'internal')
);
--> statement-breakpoint
ALTER TABLE "lead_contacts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "assigned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "lead_contacts" ADD CONSTRAINT "lead_contacts_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lead_contacts" ADD CONSTRAINT "lead_contacts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lead_contacts" ADD CONSTRAINT "lead_contacts_logged_by_id_users_id_fk" FOREIGN KEY ("logged_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lead_contacts_lead" ON "lead_contacts" USING btree ("lead_id","occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE POLICY "lead_contacts_scoped_read" ON "lead_contacts" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from leads v where v.id = lead_contacts.lead_id));--> statement-breakpoint
CREATE POLICY "lead_contacts_all" ON "lead_contacts" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "lead_contacts_system" ON "lead_contacts" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "lead_contacts_scoped_add" ON "lead_contacts" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((exists (select 1 from leads v where v.id = lead_contacts.lead_id)) and (logged_by_id = (select app.acting_user_id())));--> statement-breakpoint
CREATE POLICY "lead_contacts_scoped_remove" ON "lead_contacts" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((exists (select 1 from leads v where v.id = lead_contacts.lead_id)) and ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
ALTER TABLE "lead_contacts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on lead_contacts to rapport_system;--> statement-breakpoint
grant select, insert, delete on lead_contacts to rapport_scoped, rapport_all;--> statement-breakpoint
grant select, delete on lead_contacts to rapport_search;--> statement-breakpoint
grant insert on interactions to rapport_search;--> statement-breakpoint
grant select, delete on clocks to rapport_search;--> statement-breakpoint

-- What a record derives from others is no change of somebody's.
create or replace function app.audit() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden text[] := array['pan_cipher', 'pan_index', 'pan_ref', 'sort_name', 'name_key', 'updated_at', 'version',
    'last_contact_at', 'last_contact_channel', 'last_contact_by_id', 'last_contact_summary', 'open_work', 'due_at', 'priority_rank', 'status_rank',
    'assigned_at'];
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
create trigger audit after insert or update or delete on lead_contacts for each row execute function app.audit('lead_id');--> statement-breakpoint

-- The first call is due from here on. One RM after another does not begin it anew; taking a lead up again does. What
-- arrives in progress has been worked elsewhere.
create function app.note_assigned() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.conversion_rm_id is null then
    new.assigned_at := null;
  elsif new.status not in ('new', 'wip') then
    return new;
  elsif tg_op = 'INSERT' then
    if new.status = 'new' then new.assigned_at := coalesce(new.assigned_at, new.created_at); end if;
  elsif old.conversion_rm_id is null or old.status not in ('new', 'wip') then
    new.assigned_at := now();
  end if;
  return new;
end $$;--> statement-breakpoint
create trigger assigned before insert or update on leads for each row execute function app.note_assigned();--> statement-breakpoint

-- Locks a row that waits already, so that whoever drains leaves it until this change can be seen.
create or replace function app.refresh_clocks() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into clock_refresh (subject_kind, subject_id)
  select distinct tg_argv[0], touched.id from (values
    (case when tg_op <> 'DELETE' then (to_jsonb(new) ->> tg_argv[1])::bigint end),
    (case when tg_op <> 'INSERT' then (to_jsonb(old) ->> tg_argv[1])::bigint end)) touched (id)
  where touched.id is not null
  on conflict (subject_kind, subject_id) do update set since = clock_refresh.since;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;--> statement-breakpoint
create trigger clocks_changed after insert or update or delete on lead_contacts for each row
  execute function app.refresh_clocks('lead', 'lead_id');--> statement-breakpoint
create trigger clocks_lead_said after insert on interactions for each row when (new.lead_id is not null)
  execute function app.refresh_clocks('lead', 'lead_id');--> statement-breakpoint
create trigger clocks_lead_unsaid after delete on interactions for each row when (old.lead_id is not null)
  execute function app.refresh_clocks('lead', 'lead_id');--> statement-breakpoint
create trigger clocks_lead_corrected after update on interactions for each row
  when ((old.lead_id is not null or new.lead_id is not null)
    and (old.lead_id, old.occurred_at, old.is_contact) is distinct from (new.lead_id, new.occurred_at, new.is_contact))
  execute function app.refresh_clocks('lead', 'lead_id');--> statement-breakpoint

-- A clock names its record without a foreign key: what is gone leaves none behind.
create function app.forget_clocks() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from clocks where subject_kind = tg_argv[0] and subject_id = old.id;
  delete from clock_refresh where subject_kind = tg_argv[0] and subject_id = old.id;
  return null;
end $$;--> statement-breakpoint
create trigger clocks_forgotten after delete on leads for each row execute function app.forget_clocks('lead');--> statement-breakpoint
create trigger clocks_forgotten after delete on clients for each row execute function app.forget_clocks('client');--> statement-breakpoint
create trigger clocks_forgotten after delete on queries for each row execute function app.forget_clocks('query');--> statement-breakpoint
create trigger clocks_forgotten after delete on service_requests for each row execute function app.forget_clocks('request');--> statement-breakpoint

-- What was said with a lead becomes part of its client's timeline, by whomever it was logged.
create function app.move_lead_contacts(of_lead bigint) returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  moved integer;
begin
  if not app.may('leads.convert') or not app.user_sees_lead(app.user_id(), of_lead) then
    raise exception 'This lead is not yours to convert' using errcode = 'insufficient_privilege'; end if;
  with taken as (
    delete from lead_contacts c using leads l
    where c.lead_id = of_lead and l.id = c.lead_id and l.status = 'converted'
    returning c.*, l.client_id)
  insert into interactions (client_id, user_id, logged_by_id, channel, direction, subject, body, occurred_at, missed,
    lead_id, created_at)
  select client_id, user_id, logged_by_id, channel, direction, subject, body, occurred_at, not answered, lead_id, created_at
  from taken order by occurred_at, id;
  get diagnostics moved = row_count;
  return moved;
end $$;--> statement-breakpoint
do $$
declare f text;
begin
  foreach f in array array['forget_clocks()', 'move_lead_contacts(bigint)'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint
grant execute on function app.move_lead_contacts(bigint) to rapport_scoped, rapport_all;--> statement-breakpoint

-- Firms that have policies already get those for leads and clients that a new firm begins with; they begin here.
update leads set assigned_at = created_at where status = 'new' and conversion_rm_id is not null;--> statement-breakpoint
do $$
declare
  hours bigint := (select id from calendars order by name = 'Business hours' desc, id limit 1);
  last integer := (select max(position) from policies);
  made bigint;
begin
  if hours is null or last is null then return; end if;
  if not exists (select 1 from policies where subject_kind = 'lead') then
    insert into policies (key, name, position, subject_kind) values ('lead.other', 'Leads', last + 10, 'lead') returning id into made;
    insert into policy_versions (policy_id, version, calendar_id, working_hours_only) values (made, 1, hours, true) returning id into made;
    insert into policy_targets (policy_version_id, target, amount, unit, warn_percent) values
      (made, 'first_call', 1, 'working_days', 75), (made, 'follow_up', 0, 'on_date', 75);
    insert into policy_steps (policy_version_id, target, key, position, kind, at_percent, after_breach_minutes, days_before, tell) values
      (made, 'first_call', 'warning', 1, 'warning', 75, null, null, 'assignee'),
      (made, 'first_call', 'breach', 2, 'breach', 100, null, null, 'assignee'),
      (made, 'first_call', 'breach_head', 3, 'breach', 100, null, null, 'head'),
      (made, 'first_call', 'head_later', 4, 'escalation', null, 240, null, 'head'),
      (made, 'follow_up', 'on_the_day', 1, 'warning', null, null, 0, 'assignee'),
      (made, 'follow_up', 'breach', 2, 'breach', 100, null, null, 'assignee'),
      (made, 'follow_up', 'head_later', 3, 'escalation', null, 480, null, 'head');
  end if;
  if not exists (select 1 from policies where subject_kind = 'client') then
    insert into policies (key, name, position, subject_kind) values ('client.other', 'Clients', last + 20, 'client') returning id into made;
    insert into policy_versions (policy_id, version, calendar_id, working_hours_only) values (made, 1, hours, true) returning id into made;
    insert into policy_targets (policy_version_id, target, amount, unit, warn_percent) values
      (made, 'contact', 90, 'calendar_days', 67), (made, 'review', 0, 'on_date', 75);
    insert into policy_steps (policy_version_id, target, key, position, kind, at_percent, after_breach_minutes, days_before, tell, does) values
      (made, 'contact', 'warning', 1, 'warning', 67, null, null, 'assignee', '{notify}'),
      (made, 'contact', 'breach', 2, 'breach', 100, null, null, 'assignee', '{notify}'),
      (made, 'contact', 'breach_head', 3, 'breach', 100, null, null, 'head', '{notify}'),
      (made, 'review', 'ahead', 1, 'warning', null, null, 7, 'assignee', '{notify,mail}'),
      (made, 'review', 'on_the_day', 2, 'warning', null, null, 0, 'assignee', '{notify,mail}'),
      (made, 'review', 'breach', 3, 'breach', 100, null, null, 'assignee', '{notify,mail}'),
      (made, 'review', 'head_later', 4, 'escalation', null, 2400, null, 'head', '{notify,mail}');
  end if;
end $$;--> statement-breakpoint
insert into clock_refresh (subject_kind, subject_id)
select 'lead', id from leads where status in ('new', 'wip')
union all select 'client', id from clients where lifecycle = 'active'
on conflict (subject_kind, subject_id) do nothing;
