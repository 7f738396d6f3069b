CREATE TABLE "notification_mutes" (
	"user_id" bigint NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_mutes_user_id_subject_kind_subject_id_pk" PRIMARY KEY("user_id","subject_kind","subject_id"),
	CONSTRAINT "notification_mutes_subject" CHECK ("notification_mutes"."subject_kind" in ('lead', 'client', 'query', 'request'))
);
--> statement-breakpoint
ALTER TABLE "notification_mutes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "notification_summaries" (
	"user_id" bigint NOT NULL,
	"on_date" date NOT NULL,
	"count" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_summaries_user_id_on_date_pk" PRIMARY KEY("user_id","on_date")
);
--> statement-breakpoint
ALTER TABLE "notification_summaries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "escalations_untold";--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "delivery" text;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "mailed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notification_mutes" ADD CONSTRAINT "notification_mutes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_summaries" ADD CONSTRAINT "notification_summaries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "escalations_told" ON "escalations" USING btree ("told_at");--> statement-breakpoint
CREATE INDEX "notifications_about" ON "notifications" USING btree ("user_id","subject_kind","subject_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "notifications_to_mail" ON "notifications" USING btree ("delivery","user_id","id") WHERE mailed_at is null and delivery <> 'app';--> statement-breakpoint
CREATE INDEX "escalations_untold" ON "escalations" USING btree ("id") WHERE told_at is null and told_user_ids = '{}';--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_delivery" CHECK ("notifications"."delivery" in ('app', 'mail', 'daily'));--> statement-breakpoint
CREATE POLICY "notification_mutes_scoped_read" ON "notification_mutes" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = (select app.acting_user_id()));--> statement-breakpoint
CREATE POLICY "notification_mutes_all" ON "notification_mutes" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "notification_mutes_system" ON "notification_mutes" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notification_mutes_scoped_add" ON "notification_mutes" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (user_id = (select app.acting_user_id()));--> statement-breakpoint
CREATE POLICY "notification_mutes_scoped_remove" ON "notification_mutes" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (user_id = (select app.acting_user_id()));--> statement-breakpoint
CREATE POLICY "notification_summaries_scoped_read" ON "notification_summaries" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (user_id = (select app.acting_user_id()));--> statement-breakpoint
CREATE POLICY "notification_summaries_all" ON "notification_summaries" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "notification_summaries_system" ON "notification_summaries" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notification_summaries_scoped_add" ON "notification_summaries" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (user_id = (select app.acting_user_id()));--> statement-breakpoint
ALTER TABLE "notification_mutes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "notification_summaries" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on notification_mutes, notification_summaries to rapport_system;--> statement-breakpoint
grant select on notification_mutes, notification_summaries to rapport_search;--> statement-breakpoint
grant select, insert, delete on notification_mutes to rapport_scoped, rapport_all;--> statement-breakpoint
grant select, insert on notification_summaries to rapport_scoped, rapport_all;--> statement-breakpoint
grant insert on job_outbox to rapport_search;--> statement-breakpoint

update escalations set told_at = carried_out_at where told_user_ids <> '{}';--> statement-breakpoint
update notifications set delivery = 'app', mailed_at = created_at;--> statement-breakpoint
update user_profiles
set notification_choices = notification_choices || jsonb_build_object('warning', notification_choices -> 'escalation')
where notification_choices ? 'escalation';--> statement-breakpoint

-- How somebody hears of a kind of notification: as he chose, else by mail of promises and in the app of the rest.
-- Who leads a team hears of broken promises in any case.
create function app.delivery_for(of_user bigint, of_kind text) returns text language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  choice text := (select p.notification_choices ->> of_kind from user_profiles p where p.user_id = of_user);
begin
  if choice is null then return case when of_kind in ('warning', 'escalation') then 'mail' else 'app' end; end if;
  if choice = 'none' and of_kind = 'escalation' and app.level_of(of_user) <= 1 then return 'app'; end if;
  return choice;
end $$;--> statement-breakpoint

-- Of a record that he muted somebody hears only what is meant for him by name, and in the app that a promise is broken.
create function app.muted_delivery(of_kind text, delivery text) returns text language sql immutable parallel safe
  return case when of_kind in ('assigned', 'handover', 'mention') then delivery
    when of_kind = 'escalation' and delivery <> 'none' then 'app' else 'none' end;--> statement-breakpoint

create function app.deliver_notification() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.delivery is not null then return new; end if;
  new.delivery := app.delivery_for(new.user_id, new.kind);
  if exists (select 1 from notification_mutes m where m.user_id = new.user_id
    and m.subject_kind = new.subject_kind and m.subject_id = new.subject_id) then
    new.delivery := app.muted_delivery(new.kind, new.delivery);
  end if;
  if new.delivery = 'none' or not exists (select 1 from users u where u.id = new.user_id and u.active) then
    return null;
  end if;
  return new;
end $$;--> statement-breakpoint
create trigger deliver before insert on notifications for each row execute function app.deliver_notification();--> statement-breakpoint

-- Web processes learn of it by the id of the person it is for; a worker mails what is to be mailed at once.
create or replace function app.announce_notifications() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_notify('app_notifications', n.user_id::text) from (select distinct user_id from new_rows) n;
  if exists (select 1 from new_rows where delivery = 'mail') then
    insert into job_outbox (job, payload) values ('notifications.mail', '{}');
    perform pg_notify('rapport_jobs', '');
  end if;
  return null;
end $$;--> statement-breakpoint

create function app.announce_reading() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_notify('app_notifications', r.user_id || ':read') from (
    select distinct n.user_id from new_rows n join old_rows o on o.id = n.id
    where n.read_at is distinct from o.read_at) r;
  return null;
end $$;--> statement-breakpoint
create trigger announce_reading after update on notifications referencing old table as old_rows new table as new_rows
  for each statement execute function app.announce_reading();--> statement-breakpoint

create or replace function app.guard_profiles() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user in ('rapport_scoped', 'rapport_all')
    and (tg_op = 'INSERT' or (new.email, new.email_key) is distinct from (old.email, old.email_key))
    and not (app.may('admin.users') and app.user_within(new.user_id)) then
    raise insufficient_privilege using message = 'addresses are set by those who look after users';
  end if;
  if current_user in ('rapport_scoped', 'rapport_all') and tg_op = 'UPDATE'
    and new.notification_choices is distinct from old.notification_choices
    and new.user_id is distinct from app.user_id() then
    raise insufficient_privilege using message = 'everybody chooses for himself how he is told';
  end if;
  return new;
end $$;--> statement-breakpoint

do $$
declare f text;
begin
  foreach f in array array['delivery_for(bigint, text)', 'deliver_notification()', 'announce_notifications()',
    'announce_reading()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint
revoke all on function app.muted_delivery(text, text) from public;--> statement-breakpoint
grant execute on function app.muted_delivery(text, text) to rapport_search, rapport_system;--> statement-breakpoint
grant execute on function app.delivery_for(bigint, text) to rapport_system;
