CREATE TABLE "clock_recomputes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clock_recomputes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"policy_id" bigint,
	"calendar_id" bigint,
	"what" text NOT NULL,
	"asked_by_id" bigint,
	"total" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"moved" integer DEFAULT 0 NOT NULL,
	"ended" integer DEFAULT 0 NOT NULL,
	"begun" integer DEFAULT 0 NOT NULL,
	"cursor" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"clocks_done_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "clock_recomputes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clock_recomputes" ADD CONSTRAINT "clock_recomputes_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_recomputes" ADD CONSTRAINT "clock_recomputes_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_recomputes" ADD CONSTRAINT "clock_recomputes_asked_by_id_users_id_fk" FOREIGN KEY ("asked_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_recomputes_policy" ON "clock_recomputes" USING btree ("policy_id");--> statement-breakpoint
CREATE INDEX "clock_recomputes_calendar" ON "clock_recomputes" USING btree ("calendar_id");--> statement-breakpoint
CREATE POLICY "clock_recomputes_scoped_read" ON "clock_recomputes" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.may('admin.policies')));--> statement-breakpoint
CREATE POLICY "clock_recomputes_all" ON "clock_recomputes" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_recomputes_system" ON "clock_recomputes" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_recomputes_scoped_add" ON "clock_recomputes" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.policies')));--> statement-breakpoint
ALTER TABLE "clock_recomputes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on clock_recomputes to rapport_system;--> statement-breakpoint
grant select on clock_recomputes to rapport_search;--> statement-breakpoint
grant select, insert on clock_recomputes to rapport_scoped, rapport_all;
