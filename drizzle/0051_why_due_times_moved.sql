CREATE TABLE "clock_moves" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clock_moves_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clock_id" bigint NOT NULL,
	"from_version_id" bigint NOT NULL,
	"policy_version_id" bigint NOT NULL,
	"from_due_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"because" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "clock_moves" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clock_moves" ADD CONSTRAINT "clock_moves_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_moves" ADD CONSTRAINT "clock_moves_from_version_id_policy_versions_id_fk" FOREIGN KEY ("from_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_moves" ADD CONSTRAINT "clock_moves_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_moves_clock" ON "clock_moves" USING btree ("clock_id","id");--> statement-breakpoint
CREATE POLICY "clock_moves_scoped_read" ON "clock_moves" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
CREATE POLICY "clock_moves_all" ON "clock_moves" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_moves_system" ON "clock_moves" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_moves_scoped_add" ON "clock_moves" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from clocks v where v.id = clock_id));--> statement-breakpoint
ALTER TABLE "clock_moves" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on clock_moves to rapport_system;--> statement-breakpoint
grant select on clock_moves to rapport_search;--> statement-breakpoint
grant select, insert on clock_moves to rapport_scoped, rapport_all;
