CREATE TABLE "firm_logos" (
	"hash" text PRIMARY KEY NOT NULL,
	"mime_type" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "firm_logos_type" CHECK ("firm_logos"."mime_type" in ('image/png', 'image/jpeg', 'image/webp'))
);
--> statement-breakpoint
ALTER TABLE "firm_logos" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "saved_views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"owner_id" bigint NOT NULL,
	"module" text NOT NULL,
	"name" text NOT NULL,
	"params" text NOT NULL,
	"team_id" bigint,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "saved_views_module" CHECK ("saved_views"."module" in ('leads', 'clients', 'interactions', 'queries', 'requests', 'catalogue'))
);
--> statement-breakpoint
ALTER TABLE "saved_views" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "firm_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "list_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit_log" DROP CONSTRAINT "audit_log_action";--> statement-breakpoint
DROP INDEX "audit_log_actor";--> statement-breakpoint
ALTER TABLE "firm_settings" ADD COLUMN "logo_ref" text;--> statement-breakpoint
ALTER TABLE "list_items" ADD COLUMN "id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "list_items_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "list_items" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saved_views_owner" ON "saved_views" USING btree ("owner_id","module");--> statement-breakpoint
CREATE INDEX "saved_views_team" ON "saved_views" USING btree ("team_id","module");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_log_rare_tables" ON "audit_log" USING btree ("table_name","at","id") WHERE table_name not in ('clients', 'client_contact_points', 'holdings', 'leads', 'interactions', 'comments', 'queries', 'service_requests');--> statement-breakpoint
CREATE INDEX "audit_log_rare_actions" ON "audit_log" USING btree ("action","at","id") WHERE action not in ('insert', 'update');--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","at","id");--> statement-breakpoint
ALTER TABLE "list_items" ADD CONSTRAINT "list_items_id_unique" UNIQUE("id");--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_action" CHECK ("audit_log"."action" in ('insert', 'update', 'delete', 'reveal', 'export', 'preview', 'sign_in', 'sign_out', 'sign_in_failed', 'password'));--> statement-breakpoint
CREATE POLICY "firm_settings_scoped_read" ON "firm_settings" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "firm_settings_all" ON "firm_settings" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "firm_settings_system" ON "firm_settings" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "firm_settings_scoped_change" ON "firm_settings" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.settings'))) WITH CHECK ((select app.may('admin.settings')));--> statement-breakpoint
CREATE POLICY "firm_settings_scoped_add" ON "firm_settings" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.settings')));--> statement-breakpoint
CREATE POLICY "firm_settings_gate" ON "firm_settings" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "list_items_scoped_read" ON "list_items" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "list_items_all" ON "list_items" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "list_items_system" ON "list_items" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "list_items_scoped_change" ON "list_items" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.lists'))) WITH CHECK ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "list_items_scoped_add" ON "list_items" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "list_items_scoped_remove" ON "list_items" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.lists')));--> statement-breakpoint
CREATE POLICY "firm_logos_scoped_read" ON "firm_logos" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "firm_logos_all" ON "firm_logos" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "firm_logos_system" ON "firm_logos" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "firm_logos_scoped_change" ON "firm_logos" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.settings'))) WITH CHECK ((select app.may('admin.settings')));--> statement-breakpoint
CREATE POLICY "firm_logos_scoped_add" ON "firm_logos" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.settings')));--> statement-breakpoint
CREATE POLICY "firm_logos_scoped_remove" ON "firm_logos" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.settings')));--> statement-breakpoint
CREATE POLICY "firm_logos_gate" ON "firm_logos" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "saved_views_scoped_read" ON "saved_views" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((owner_id = (select app.acting_user_id())) or (team_id = any ((select app.team_ids())::bigint[])));--> statement-breakpoint
CREATE POLICY "saved_views_scoped_add" ON "saved_views" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((owner_id = (select app.acting_user_id())) and ((team_id is null) or (team_id = any ((select app.team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "saved_views_scoped_change" ON "saved_views" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (owner_id = (select app.acting_user_id())) WITH CHECK ((owner_id = (select app.acting_user_id())) and ((team_id is null) or (team_id = any ((select app.team_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "saved_views_scoped_remove" ON "saved_views" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((owner_id = (select app.acting_user_id())) or (team_id = any ((select app.headed_team_ids())::bigint[])));--> statement-breakpoint
CREATE POLICY "saved_views_all_read" ON "saved_views" AS PERMISSIVE FOR SELECT TO "rapport_all" USING (((select app.sees_all())) and ((owner_id = (select app.acting_user_id())) or (team_id is not null)));--> statement-breakpoint
CREATE POLICY "saved_views_all_add" ON "saved_views" AS PERMISSIVE FOR INSERT TO "rapport_all" WITH CHECK (((select app.sees_all())) and (owner_id = (select app.acting_user_id())));--> statement-breakpoint
CREATE POLICY "saved_views_all_change" ON "saved_views" AS PERMISSIVE FOR UPDATE TO "rapport_all" USING (((select app.sees_all())) and (owner_id = (select app.acting_user_id()))) WITH CHECK (((select app.sees_all())) and (owner_id = (select app.acting_user_id())));--> statement-breakpoint
CREATE POLICY "saved_views_all_remove" ON "saved_views" AS PERMISSIVE FOR DELETE TO "rapport_all" USING (((select app.sees_all())) and ((owner_id = (select app.acting_user_id())) or (team_id is not null)));--> statement-breakpoint
CREATE POLICY "saved_views_system" ON "saved_views" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint

ALTER TABLE "saved_views" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "firm_settings" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "list_items" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "firm_logos" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on saved_views, firm_logos to rapport_scoped, rapport_all, rapport_system;--> statement-breakpoint
grant select on saved_views, firm_logos to rapport_search;--> statement-breakpoint
grant select on firm_logos to rapport_gate;--> statement-breakpoint
grant update on firm_settings to rapport_scoped;--> statement-breakpoint
grant insert, update, delete on list_items to rapport_scoped;--> statement-breakpoint

-- An item's own id names it in the audit trail.
drop trigger audit on list_items;--> statement-breakpoint
create trigger audit after insert or update or delete on list_items for each row execute function app.audit('id');--> statement-breakpoint

-- Acts that change no row: what left the firm as a file, and whose view somebody looked through.
create function app.record_act(act text, of_table text, of_row bigint, details jsonb) returns void language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if app.acting_user_id() is null or act not in ('export', 'preview') then
    raise exception 'Not to be recorded: %', act using errcode = '42501';
  end if;
  insert into audit_log (table_name, row_id, action, new_values, actor_id)
  values (of_table, of_row, act, details, app.user_id());
end $$;--> statement-breakpoint
alter function app.record_act(text, text, bigint, jsonb) owner to rapport_search;--> statement-breakpoint
revoke all on function app.record_act(text, text, bigint, jsonb) from public;--> statement-breakpoint
grant execute on function app.record_act(text, text, bigint, jsonb) to rapport_scoped, rapport_all, rapport_system;--> statement-breakpoint

-- What happens at the gate, where nobody is known yet. Of a failed sign-in only the account it was tried on is kept,
-- never what was typed; its actor is nobody.
create function app.record_gate(act text, of_user bigint, details jsonb) returns void language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if act not in ('sign_in', 'sign_out', 'sign_in_failed', 'password') then
    raise exception 'Not to be recorded: %', act using errcode = '42501';
  end if;
  insert into audit_log (table_name, row_id, action, new_values, actor_id)
  values ('users', of_user, act, details, case when act <> 'sign_in_failed' then of_user end);
end $$;--> statement-breakpoint
alter function app.record_gate(text, bigint, jsonb) owner to rapport_search;--> statement-breakpoint
revoke all on function app.record_gate(text, bigint, jsonb) from public;--> statement-breakpoint
grant execute on function app.record_gate(text, bigint, jsonb) to rapport_gate;
