ALTER TABLE "calendar_holidays" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "calendar_windows" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "calendars" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "policies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "policy_steps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "policy_targets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "policy_versions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "request_types" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "dead_letters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "job_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "calendar_holidays_scoped_read" ON "calendar_holidays" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "calendar_holidays_all" ON "calendar_holidays" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "calendar_holidays_system" ON "calendar_holidays" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "calendar_holidays_scoped_change" ON "calendar_holidays" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendar_holidays_scoped_add" ON "calendar_holidays" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendar_holidays_scoped_remove" ON "calendar_holidays" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendar_windows_scoped_read" ON "calendar_windows" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "calendar_windows_all" ON "calendar_windows" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "calendar_windows_system" ON "calendar_windows" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "calendar_windows_scoped_change" ON "calendar_windows" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendar_windows_scoped_add" ON "calendar_windows" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendar_windows_scoped_remove" ON "calendar_windows" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendars_scoped_read" ON "calendars" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "calendars_all" ON "calendars" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "calendars_system" ON "calendars" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "calendars_scoped_change" ON "calendars" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendars_scoped_add" ON "calendars" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "calendars_scoped_remove" ON "calendars" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policies_scoped_read" ON "policies" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "policies_all" ON "policies" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "policies_system" ON "policies" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "policies_scoped_change" ON "policies" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policies_scoped_add" ON "policies" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policies_scoped_remove" ON "policies" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_steps_scoped_read" ON "policy_steps" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "policy_steps_all" ON "policy_steps" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "policy_steps_system" ON "policy_steps" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "policy_steps_scoped_change" ON "policy_steps" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_steps_scoped_add" ON "policy_steps" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_steps_scoped_remove" ON "policy_steps" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_targets_scoped_read" ON "policy_targets" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "policy_targets_all" ON "policy_targets" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "policy_targets_system" ON "policy_targets" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "policy_targets_scoped_change" ON "policy_targets" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_targets_scoped_add" ON "policy_targets" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_targets_scoped_remove" ON "policy_targets" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_versions_scoped_read" ON "policy_versions" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "policy_versions_all" ON "policy_versions" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "policy_versions_system" ON "policy_versions" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "policy_versions_scoped_change" ON "policy_versions" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists')))) WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_versions_scoped_add" ON "policy_versions" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "policy_versions_scoped_remove" ON "policy_versions" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.policies'))) or ((select app.may('admin.lists'))));--> statement-breakpoint
CREATE POLICY "request_types_scoped_read" ON "request_types" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "request_types_all" ON "request_types" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "request_types_system" ON "request_types" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "request_types_scoped_change" ON "request_types" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.lists'))) WITH CHECK ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "request_types_scoped_add" ON "request_types" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "request_types_scoped_remove" ON "request_types" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "dead_letters_scoped_read" ON "dead_letters" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.may('admin.jobs')));--> statement-breakpoint
CREATE POLICY "dead_letters_all" ON "dead_letters" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "dead_letters_system" ON "dead_letters" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "dead_letters_scoped_change" ON "dead_letters" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.jobs'))) WITH CHECK ((select app.may('admin.jobs')));--> statement-breakpoint
CREATE POLICY "job_runs_scoped_read" ON "job_runs" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.may('admin.jobs')));--> statement-breakpoint
CREATE POLICY "job_runs_all" ON "job_runs" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "job_runs_system" ON "job_runs" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "mail_outbox_scoped_change" ON "mail_outbox" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.outbox'))) WITH CHECK ((select app.may('admin.outbox')));--> statement-breakpoint
ALTER POLICY "mail_outbox_scoped_read" ON "mail_outbox" TO rapport_scoped USING ((user_id = (select app.acting_user_id())) or ((select app.may('admin.outbox'))));--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['request_types', 'calendars', 'calendar_windows', 'calendar_holidays', 'policies',
    'policy_versions', 'policy_targets', 'policy_steps'] loop
    execute format('alter table %I force row level security', t);
    execute format('grant insert, update, delete on %I to rapport_scoped', t);
  end loop;
end $$;--> statement-breakpoint
alter table job_runs force row level security;--> statement-breakpoint
alter table dead_letters force row level security;--> statement-breakpoint
grant select on job_runs, dead_letters to rapport_scoped;--> statement-breakpoint
grant update (retried_at) on dead_letters to rapport_scoped;--> statement-breakpoint
grant update (state, next_attempt_at, attempts, last_error) on mail_outbox to rapport_scoped;
