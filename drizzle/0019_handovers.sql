CREATE TABLE "handover_items" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "handover_items_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"handover_id" bigint NOT NULL,
	"part" text NOT NULL,
	"record_id" bigint NOT NULL,
	"to_id" bigint NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"outcome" text,
	CONSTRAINT "handover_items_part" CHECK ("handover_items"."part" in ('clients', 'secondary', 'contacts', 'leads', 'queries', 'requests')),
	CONSTRAINT "handover_items_outcome" CHECK ("handover_items"."outcome" in ('restored', 'changed', 'finished', 'gone', 'inactive'))
);
--> statement-breakpoint
ALTER TABLE "handover_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "handovers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "handovers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" text GENERATED ALWAYS AS ('HO-' || lpad(id::text, greatest(6, length(id::text)), '0')) STORED NOT NULL,
	"from_id" bigint NOT NULL,
	"to_ids" bigint[] NOT NULL,
	"by_id" bigint NOT NULL,
	"parts" text[] NOT NULL,
	"counts" jsonb NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_at" timestamp with time zone,
	"undone_by_id" bigint,
	"restored" integer,
	CONSTRAINT "handovers_number_unique" UNIQUE("number")
);
--> statement-breakpoint
ALTER TABLE "handovers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "handover_items" ADD CONSTRAINT "handover_items_handover_id_handovers_id_fk" FOREIGN KEY ("handover_id") REFERENCES "public"."handovers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_items" ADD CONSTRAINT "handover_items_to_id_users_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_from_id_users_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_by_id_users_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_undone_by_id_users_id_fk" FOREIGN KEY ("undone_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "handover_items_part_of" ON "handover_items" USING btree ("handover_id","part","id");--> statement-breakpoint
CREATE INDEX "handovers_from" ON "handovers" USING btree ("from_id","id");--> statement-breakpoint
CREATE INDEX "handovers_by" ON "handovers" USING btree ("by_id","id");--> statement-breakpoint
CREATE POLICY "handover_items_scoped_read" ON "handover_items" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((to_id = any ((select app.visible_user_ids())::bigint[])) or (exists (select 1 from handovers h where h.id = handover_items.handover_id and (h.by_id = (select app.acting_user_id()) or h.from_id = any ((select app.visible_user_ids())::bigint[])))));--> statement-breakpoint
CREATE POLICY "handover_items_all" ON "handover_items" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "handover_items_system" ON "handover_items" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "handover_items_scoped_change" ON "handover_items" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('clients.handover'))) and (exists (select 1 from handovers h where h.id = handover_items.handover_id and (h.by_id = (select app.acting_user_id()) or h.from_id = any ((select app.visible_user_ids())::bigint[]))))) WITH CHECK (((select app.may('clients.handover'))) and (exists (select 1 from handovers h where h.id = handover_items.handover_id and (h.by_id = (select app.acting_user_id()) or h.from_id = any ((select app.visible_user_ids())::bigint[])))));--> statement-breakpoint
CREATE POLICY "handover_items_scoped_add" ON "handover_items" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('clients.handover'))) and (exists (select 1 from handovers h where h.id = handover_items.handover_id and (h.by_id = (select app.acting_user_id())))));--> statement-breakpoint
CREATE POLICY "handovers_scoped_read" ON "handovers" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((from_id = any ((select app.visible_user_ids())::bigint[])) or (by_id = (select app.acting_user_id())) or (to_ids && (select app.visible_user_ids())::bigint[]));--> statement-breakpoint
CREATE POLICY "handovers_all" ON "handovers" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "handovers_system" ON "handovers" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "handovers_scoped_change" ON "handovers" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (((select app.may('clients.handover'))) and ((from_id = any ((select app.visible_user_ids())::bigint[])) or (by_id = (select app.acting_user_id())))) WITH CHECK (((select app.may('clients.handover'))) and ((from_id = any ((select app.visible_user_ids())::bigint[])) or (by_id = (select app.acting_user_id()))));--> statement-breakpoint
CREATE POLICY "handovers_scoped_add" ON "handovers" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (((select app.may('clients.handover'))) and (by_id = (select app.acting_user_id())));--> statement-breakpoint
ALTER TABLE "handovers" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "handover_items" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select on handovers, handover_items to rapport_scoped, rapport_all, rapport_search;--> statement-breakpoint
grant insert on handovers, handover_items to rapport_scoped, rapport_all;--> statement-breakpoint
-- What was handed over is never rewritten; an undo says what became of it.
grant update (undone_at, undone_by_id, restored) on handovers to rapport_scoped, rapport_all;--> statement-breakpoint
grant update (outcome) on handover_items to rapport_scoped, rapport_all;--> statement-breakpoint
grant select, insert, update, delete on handovers, handover_items to rapport_system;--> statement-breakpoint
-- The records' own histories say what changed on each of them.
create trigger audit after insert or update or delete on handovers for each row execute function app.audit('id');
