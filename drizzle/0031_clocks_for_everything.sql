CREATE TABLE "clock_holds" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clock_holds_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clock_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"user_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clock_holds_kind" CHECK ("clock_holds"."kind" in ('acknowledged', 'snoozed'))
);
--> statement-breakpoint
ALTER TABLE "clock_holds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clock_refresh" (
	"subject_kind" text NOT NULL,
	"subject_id" bigint NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clock_refresh_subject_kind_subject_id_pk" PRIMARY KEY("subject_kind","subject_id")
);
--> statement-breakpoint
ALTER TABLE "clocks" DROP CONSTRAINT "clocks_subject_kind";--> statement-breakpoint
ALTER TABLE "clocks" DROP CONSTRAINT "clocks_target";--> statement-breakpoint
ALTER TABLE "policies" DROP CONSTRAINT "policies_subject_kind";--> statement-breakpoint
ALTER TABLE "policy_steps" DROP CONSTRAINT "policy_steps_tell";--> statement-breakpoint
ALTER TABLE "policy_steps" DROP CONSTRAINT "policy_steps_when";--> statement-breakpoint
ALTER TABLE "policy_targets" DROP CONSTRAINT "policy_targets_target";--> statement-breakpoint
ALTER TABLE "policy_targets" DROP CONSTRAINT "policy_targets_unit";--> statement-breakpoint
ALTER TABLE "policy_targets" DROP CONSTRAINT "policy_targets_amount";--> statement-breakpoint
ALTER TABLE "calendar_holidays" ADD COLUMN "windows" jsonb;--> statement-breakpoint
ALTER TABLE "clock_steps" ADD COLUMN "does" text[] DEFAULT '{"notify","mail"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "on_date" date;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "ran" "tstzmultirange" DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "minutes_target" integer;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "minutes_ours" integer;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "minutes_third_party" integer;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "minutes_client" integer;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "did" jsonb;--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "client_tag" text;--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "team_id" bigint;--> statement-breakpoint
ALTER TABLE "policy_steps" ADD COLUMN "days_before" smallint;--> statement-breakpoint
ALTER TABLE "policy_steps" ADD COLUMN "does" text[] DEFAULT '{"notify","mail"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "pauses_client" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "pauses_third_party" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "working_hours_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD COLUMN "created_by_id" bigint;--> statement-breakpoint
ALTER TABLE "clock_holds" ADD CONSTRAINT "clock_holds_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_holds" ADD CONSTRAINT "clock_holds_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_holds_clock" ON "clock_holds" USING btree ("clock_id","id");--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clocks_policy" ON "clocks" USING btree ("policy_version_id") WHERE state in ('running', 'paused');--> statement-breakpoint
CREATE INDEX "clocks_calendar" ON "clocks" USING btree ("calendar_id") WHERE state in ('running', 'paused');--> statement-breakpoint
CREATE INDEX "clocks_ended" ON "clocks" USING btree ("ended_at");--> statement-breakpoint
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_subject_kind" CHECK ("clocks"."subject_kind" in ('query', 'request', 'lead', 'client'));--> statement-breakpoint
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_target" CHECK ("clocks"."target" in ('first_response', 'next_response', 'resolution', 'first_call', 'follow_up', 'contact', 'review'));--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_subject_kind" CHECK ("policies"."subject_kind" in ('query', 'request', 'lead', 'client'));--> statement-breakpoint
ALTER TABLE "policy_steps" ADD CONSTRAINT "policy_steps_tell" CHECK ("policy_steps"."tell" in ('assignee', 'secondary', 'substitute', 'head', 'administrators', 'user'));--> statement-breakpoint
ALTER TABLE "policy_steps" ADD CONSTRAINT "policy_steps_when" CHECK (num_nonnulls("policy_steps"."at_percent", "policy_steps"."after_breach_minutes", "policy_steps"."days_before") = 1);--> statement-breakpoint
ALTER TABLE "policy_targets" ADD CONSTRAINT "policy_targets_target" CHECK ("policy_targets"."target" in ('first_response', 'next_response', 'resolution', 'first_call', 'follow_up', 'contact', 'review'));--> statement-breakpoint
ALTER TABLE "policy_targets" ADD CONSTRAINT "policy_targets_unit" CHECK ("policy_targets"."unit" in ('working_minutes', 'working_days', 'calendar_days', 'on_date'));--> statement-breakpoint
ALTER TABLE "policy_targets" ADD CONSTRAINT "policy_targets_amount" CHECK ("policy_targets"."amount" > 0 or ("policy_targets"."unit" = 'on_date' and "policy_targets"."amount" = 0));--> statement-breakpoint
CREATE POLICY "clock_holds_scoped_read" ON "clock_holds" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_holds_all" ON "clock_holds" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_holds_system" ON "clock_holds" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_holds_scoped_add" ON "clock_holds" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
ALTER POLICY "clocks_scoped_read" ON "clocks" TO rapport_scoped USING (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) when 'request' then exists (select 1 from service_requests v where v.id = subject_id) when 'lead' then exists (select 1 from leads v where v.id = subject_id) else exists (select 1 from clients v where v.id = subject_id) end);--> statement-breakpoint
ALTER POLICY "clocks_scoped_change" ON "clocks" TO rapport_scoped USING (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) when 'request' then exists (select 1 from service_requests v where v.id = subject_id) when 'lead' then exists (select 1 from leads v where v.id = subject_id) else exists (select 1 from clients v where v.id = subject_id) end) WITH CHECK (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) when 'request' then exists (select 1 from service_requests v where v.id = subject_id) when 'lead' then exists (select 1 from leads v where v.id = subject_id) else exists (select 1 from clients v where v.id = subject_id) end);--> statement-breakpoint
ALTER POLICY "clocks_scoped_add" ON "clocks" TO rapport_scoped WITH CHECK (case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) when 'request' then exists (select 1 from service_requests v where v.id = subject_id) when 'lead' then exists (select 1 from leads v where v.id = subject_id) else exists (select 1 from clients v where v.id = subject_id) end);--> statement-breakpoint
ALTER TABLE "clock_holds" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on clock_holds, clock_refresh to rapport_system;--> statement-breakpoint
grant select on clock_holds, clock_refresh to rapport_search;--> statement-breakpoint
grant insert, update, delete on clock_refresh to rapport_search;--> statement-breakpoint
grant select, insert on clock_holds to rapport_scoped, rapport_all;--> statement-breakpoint

create function app.user_sees_lead(of_user bigint, of_lead bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.level_of(of_user) = 0 or exists (
    select 1 from leads l where l.id = of_lead and (
      l.conversion_rm_id = any (app.visible_user_ids_of(of_user))
      or l.obtained_by_id = any (app.visible_user_ids_of(of_user))
      or (l.conversion_rm_id is null and l.team_id = any (app.headed_team_ids_of(of_user)))));
end $$;--> statement-breakpoint

-- What a promise is made on changed: a worker brings the record's clocks up to it. The arguments are the kind of record
-- and the column with its id.
create function app.refresh_clocks() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  insert into clock_refresh (subject_kind, subject_id) values (tg_argv[0], (row ->> tg_argv[1])::bigint)
  on conflict do nothing;
  perform pg_notify('rapport_clocks', '');
  return null;
end $$;--> statement-breakpoint
create trigger clocks_added after insert on leads for each row execute function app.refresh_clocks('lead', 'id');--> statement-breakpoint
create trigger clocks_changed after update on leads for each row
  when ((old.status, old.conversion_rm_id, old.team_id, old.next_follow_up_on, old.client_id)
    is distinct from (new.status, new.conversion_rm_id, new.team_id, new.next_follow_up_on, new.client_id))
  execute function app.refresh_clocks('lead', 'id');--> statement-breakpoint
create trigger clocks_added after insert on clients for each row execute function app.refresh_clocks('client', 'id');--> statement-breakpoint
create trigger clocks_changed after update on clients for each row
  when ((old.lifecycle, old.tier, old.primary_rm_id, old.last_contact_at, old.next_review_on)
    is distinct from (new.lifecycle, new.tier, new.primary_rm_id, new.last_contact_at, new.next_review_on))
  execute function app.refresh_clocks('client', 'id');--> statement-breakpoint
create trigger clocks_changed after insert or delete on client_tags for each row
  execute function app.refresh_clocks('client', 'client_id');--> statement-breakpoint
do $$
declare f text;
begin
  foreach f in array array['user_sees_lead(bigint, bigint)', 'refresh_clocks()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint
grant execute on function app.user_sees_lead(bigint, bigint) to rapport_system;--> statement-breakpoint

insert into clock_refresh (subject_kind, subject_id)
select 'lead', id from leads where status in ('new', 'wip')
union all select 'client', id from clients where lifecycle = 'active';
