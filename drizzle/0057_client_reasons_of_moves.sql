CREATE TABLE "clock_move_client_reasons" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clock_move_client_reasons_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"move_id" bigint NOT NULL,
	"others_before" integer NOT NULL,
	"reason" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "clock_move_client_reasons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clock_move_client_reasons" ADD CONSTRAINT "clock_move_client_reasons_move_id_clock_moves_id_fk" FOREIGN KEY ("move_id") REFERENCES "public"."clock_moves"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_move_client_reasons_move" ON "clock_move_client_reasons" USING btree ("move_id");--> statement-breakpoint
CREATE POLICY "clock_move_client_reasons_scoped_read" ON "clock_move_client_reasons" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from clock_moves m join clocks k on k.id = m.clock_id join client_access a on a.client_id = k.client_id where m.id = move_id));--> statement-breakpoint
CREATE POLICY "clock_move_client_reasons_all" ON "clock_move_client_reasons" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "clock_move_client_reasons_system" ON "clock_move_client_reasons" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "clock_move_client_reasons_scoped_add" ON "clock_move_client_reasons" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from clock_moves m join clocks k on k.id = m.clock_id join client_access a on a.client_id = k.client_id where m.id = move_id));--> statement-breakpoint
grant select, insert, update, delete on clock_move_client_reasons to rapport_system;--> statement-breakpoint
grant select on clock_move_client_reasons to rapport_search;--> statement-breakpoint
grant select, insert on clock_move_client_reasons to rapport_scoped, rapport_all;--> statement-breakpoint

-- What was kept so far: the client's tier and tags are reasons of his.
insert into clock_move_client_reasons (move_id, others_before, reason)
select m.id, (select count(*) from jsonb_array_elements(m.because) with ordinality o(reason, nth)
    where o.nth < r.nth and o.reason ->> 'what' not in ('tier', 'tags')), r.reason
from clock_moves m cross join lateral jsonb_array_elements(m.because) with ordinality r(reason, nth)
where r.reason ->> 'what' in ('tier', 'tags') order by m.id, r.nth;--> statement-breakpoint
update clock_moves m set because = (
  select coalesce(jsonb_agg(r.reason order by r.nth), '[]'::jsonb)
  from jsonb_array_elements(m.because) with ordinality r(reason, nth) where r.reason ->> 'what' not in ('tier', 'tags'))
where m.id in (select move_id from clock_move_client_reasons);--> statement-breakpoint
ALTER TABLE "clock_move_client_reasons" FORCE ROW LEVEL SECURITY;
