CREATE TABLE "portfolio_reviews" (
	"interaction_id" bigint PRIMARY KEY NOT NULL,
	"held_on" date NOT NULL,
	"next_on" date
);
--> statement-breakpoint
ALTER TABLE "portfolio_reviews" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reviewed_holdings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reviewed_holdings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"interaction_id" bigint NOT NULL,
	"holding_id" bigint,
	"product_name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "reviewed_holdings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "interactions" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "interactions" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "leads" ADD COLUMN "opportunity" text;--> statement-breakpoint
ALTER TABLE "portfolio_reviews" ADD CONSTRAINT "portfolio_reviews_interaction_id_interactions_id_fk" FOREIGN KEY ("interaction_id") REFERENCES "public"."interactions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviewed_holdings" ADD CONSTRAINT "reviewed_holdings_interaction_id_interactions_id_fk" FOREIGN KEY ("interaction_id") REFERENCES "public"."interactions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviewed_holdings" ADD CONSTRAINT "reviewed_holdings_holding_id_holdings_id_fk" FOREIGN KEY ("holding_id") REFERENCES "public"."holdings"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reviewed_holdings_review" ON "reviewed_holdings" USING btree ("interaction_id");--> statement-breakpoint
CREATE INDEX "reviewed_holdings_holding" ON "reviewed_holdings" USING btree ("holding_id");--> statement-breakpoint
CREATE INDEX "interactions_search" ON "interactions" USING gin (lower(subject) gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "leads_origin" ON "leads" USING btree ("origin_interaction_id");--> statement-breakpoint
ALTER TABLE "leads" ADD CONSTRAINT "leads_opportunity" CHECK ("leads"."opportunity" in ('cross_sell', 'upsell'));--> statement-breakpoint
CREATE POLICY "interactions_scoped_remove" ON "interactions" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[])));--> statement-breakpoint
CREATE POLICY "portfolio_reviews_scoped_read" ON "portfolio_reviews" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from interactions v where v.id = portfolio_reviews.interaction_id));--> statement-breakpoint
CREATE POLICY "portfolio_reviews_all" ON "portfolio_reviews" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "portfolio_reviews_system" ON "portfolio_reviews" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "portfolio_reviews_scoped_change" ON "portfolio_reviews" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from interactions v where v.id = portfolio_reviews.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[])))) WITH CHECK (exists (select 1 from interactions v where v.id = portfolio_reviews.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "portfolio_reviews_scoped_add" ON "portfolio_reviews" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from interactions v where v.id = portfolio_reviews.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "reviewed_holdings_scoped_read" ON "reviewed_holdings" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (exists (select 1 from interactions v where v.id = reviewed_holdings.interaction_id));--> statement-breakpoint
CREATE POLICY "reviewed_holdings_all" ON "reviewed_holdings" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "reviewed_holdings_system" ON "reviewed_holdings" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "reviewed_holdings_scoped_change" ON "reviewed_holdings" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING (exists (select 1 from interactions v where v.id = reviewed_holdings.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[])))) WITH CHECK (exists (select 1 from interactions v where v.id = reviewed_holdings.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "reviewed_holdings_scoped_add" ON "reviewed_holdings" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK (exists (select 1 from interactions v where v.id = reviewed_holdings.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
CREATE POLICY "reviewed_holdings_scoped_remove" ON "reviewed_holdings" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (exists (select 1 from interactions v where v.id = reviewed_holdings.interaction_id and (v.user_id = any ((select app.visible_user_ids())::bigint[]) or v.logged_by_id = any ((select app.visible_user_ids())::bigint[]))));--> statement-breakpoint
ALTER POLICY "interactions_scoped_change" ON "interactions" TO rapport_scoped USING ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[]))) WITH CHECK ((user_id = any ((select app.visible_user_ids())::bigint[])) or (logged_by_id = any ((select app.visible_user_ids())::bigint[])));--> statement-breakpoint
ALTER POLICY "audit_log_scoped_read" ON "audit_log" TO rapport_scoped USING ((table_name = 'leads' and exists (select 1 from leads v where v.id = row_id)) or (table_name = 'clients' and exists (select 1 from clients v where v.id = row_id)) or (table_name = 'queries' and exists (select 1 from queries v where v.id = row_id)) or (table_name = 'service_requests' and exists (select 1 from service_requests v where v.id = row_id)) or (table_name = 'holdings' and exists (select 1 from holdings v where v.id = row_id)) or (table_name = 'products' and exists (select 1 from products v where v.id = row_id)) or (table_name = 'interactions' and exists (select 1 from interactions v where v.id = row_id)) or (table_name in ('client_contact_points', 'client_addresses', 'client_tags', 'client_merges') and exists (select 1 from clients v where v.id = row_id)) or (table_name in ('portfolio_reviews', 'reviewed_holdings') and exists (select 1 from interactions v where v.id = row_id)));--> statement-breakpoint
alter table portfolio_reviews force row level security;--> statement-breakpoint
alter table reviewed_holdings force row level security;--> statement-breakpoint
grant select, insert, update on portfolio_reviews to rapport_scoped, rapport_all;--> statement-breakpoint
grant select, insert, delete on reviewed_holdings to rapport_scoped, rapport_all;--> statement-breakpoint
grant select, insert, update, delete on portfolio_reviews, reviewed_holdings to rapport_system;--> statement-breakpoint
grant delete on interactions to rapport_scoped;--> statement-breakpoint
create trigger audit after insert or update or delete on portfolio_reviews for each row execute function app.audit('interaction_id');--> statement-breakpoint
create trigger audit after insert or update or delete on reviewed_holdings for each row execute function app.audit('interaction_id');--> statement-breakpoint

-- A lead outlives the conversation it came from.
alter table leads drop constraint leads_origin;--> statement-breakpoint
alter table leads add constraint leads_origin foreign key (origin_interaction_id) references interactions on delete set null;--> statement-breakpoint

-- What was said, by its subject, under the searcher's own visibility; the newest first.
create function app.find_interactions(q text, max integer)
returns table (id bigint) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  me bigint := app.acting_user_id();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
  begins text := substr(inside, 2);
  anywhere text[] := case when length(term) < 3 then array[begins, '% ' || begins] else array[inside] end;
begin
  if length(term) < 1 then return; end if;
  return query
    select i.id from interactions i
    where lower(i.subject) like any (anywhere)
      and (everything or i.user_id = me or i.logged_by_id = me or exists (
        select 1 from client_access a where a.client_id = i.client_id and a.principal = any (mine)))
    order by i.occurred_at desc, i.id desc
    limit max;
end $$;--> statement-breakpoint
alter function app.find_interactions(text, integer) owner to rapport_search;--> statement-breakpoint
revoke all on function app.find_interactions(text, integer) from public;--> statement-breakpoint
grant execute on function app.find_interactions(text, integer) to rapport_scoped, rapport_all, rapport_search;
