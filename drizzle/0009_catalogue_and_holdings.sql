-- May the actor do this at all? For what everybody sees and few may change; the scope is the command's to judge.
create function app.may(wanted text) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (
    select 1 from users u join role_grants g on g.role_id = u.role_id and g.permission = wanted
    where u.id = app.user_id() and u.active
  );
end $$;--> statement-breakpoint
alter function app.may(text) owner to rapport_search;--> statement-breakpoint
revoke all on function app.may(text) from public;--> statement-breakpoint
grant execute on function app.may(text) to rapport_scoped, rapport_all, rapport_system, rapport_search;--> statement-breakpoint

create function app.product_search_text(name text, sku text, scheme_code text, isin text, isin_reinvestment text, fund_house text)
returns text language sql immutable parallel safe
  return lower(name || ' ' || coalesce(sku, '') || ' ' || coalesce(scheme_code, '') || ' ' || coalesce(isin, '') || ' '
    || coalesce(isin_reinvestment, '') || ' ' || coalesce(fund_house, ''));--> statement-breakpoint

ALTER TABLE "products" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "products" DROP CONSTRAINT "products_nameKey_unique";--> statement-breakpoint
ALTER TABLE "holdings" DROP CONSTRAINT "holdings_status";--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "kind" text DEFAULT 'other' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "isin_reinvestment" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "fund_house" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "scheme_type" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "scheme_category" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "nav" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "nav_on" date;--> statement-breakpoint
ALTER TABLE "holdings" ADD COLUMN "instalment" numeric(18, 2);--> statement-breakpoint
ALTER TABLE "holdings" ADD COLUMN "instalment_day" smallint;--> statement-breakpoint
ALTER TABLE "holdings" ADD COLUMN "ended_on" date;--> statement-breakpoint
CREATE UNIQUE INDEX "products_own_name" ON "products" USING btree ("name_key") WHERE scheme_code is null;--> statement-breakpoint
CREATE INDEX "products_search" ON "products" USING gin (app.product_search_text(name, sku, scheme_code, isin, isin_reinvestment, fund_house) gin_trgm_ops);--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_kind" CHECK ("products"."kind" in ('scheme', 'policy', 'deposit', 'device', 'part', 'repair', 'other'));--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_scheme_type" CHECK ("products"."scheme_type" in ('open', 'close', 'interval'));--> statement-breakpoint
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_instalment_day" CHECK ("holdings"."instalment_day" between 1 and 31);--> statement-breakpoint
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_status" CHECK ("holdings"."status" in ('active', 'redeemed', 'closed'));--> statement-breakpoint
CREATE POLICY "products_scoped_read" ON "products" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((select app.acting_user_id()) is not null);--> statement-breakpoint
CREATE POLICY "products_all" ON "products" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "products_system" ON "products" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "products_scoped_change" ON "products" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('catalogue.manage'))) WITH CHECK ((select app.may('catalogue.manage')));--> statement-breakpoint
CREATE POLICY "products_scoped_add" ON "products" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('catalogue.manage')));--> statement-breakpoint
CREATE POLICY "products_scoped_remove" ON "products" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('catalogue.manage')));--> statement-breakpoint
CREATE POLICY "holdings_scoped_remove" ON "holdings" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((exists (select 1 from client_access a where a.client_id = holdings.client_id)) and ((select app.may('holdings.delete'))));--> statement-breakpoint
ALTER POLICY "audit_log_scoped_read" ON "audit_log" TO rapport_scoped USING ((table_name = 'leads' and exists (select 1 from leads v where v.id = row_id)) or (table_name = 'clients' and exists (select 1 from clients v where v.id = row_id)) or (table_name = 'queries' and exists (select 1 from queries v where v.id = row_id)) or (table_name = 'service_requests' and exists (select 1 from service_requests v where v.id = row_id)) or (table_name = 'holdings' and exists (select 1 from holdings v where v.id = row_id)) or (table_name = 'products' and exists (select 1 from products v where v.id = row_id)));--> statement-breakpoint
ALTER TABLE "products" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant insert, update, delete on products to rapport_scoped;--> statement-breakpoint
grant delete on holdings to rapport_scoped;--> statement-breakpoint
update products set kind = 'scheme' where scheme_code is not null;--> statement-breakpoint

-- What a search finds in the catalogue: every word somewhere, else what is spelt nearly so. Each word would do for the
-- index; the longest leaves the fewest rows to look at. Of very many matches the first two thousand are ranked.
create function app.find_products(q text, max integer, inactive boolean default false)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1
set pg_trgm.word_similarity_threshold = 0.4 as $$
declare
  term text := lower(btrim(q));
  begins text := substr(app.like_pattern(q), 2);
  patterns text[];
  longest text;
  most constant integer := 2000;
begin
  if length(term) < 1 or app.acting_user_id() is null then return; end if;
  select array_agg(app.like_pattern(w) order by length(w) desc) into patterns
  from regexp_split_to_table(term, '[^[:alnum:]]+') w where w <> '';
  patterns := coalesce(patterns, array[app.like_pattern(q)]);
  longest := patterns[1];
  return query
    select f.id, ((f.code)::int * 2 + (f.lowered like begins)::int + similarity(f.lowered, term))::real as near
    from (select p.id, p.name, lower(p.name) as lowered,
        term in (lower(p.sku), p.scheme_code, lower(p.isin), lower(p.isin_reinvestment)) is true as code
      from products p
      where (inactive or p.active)
        and app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house) like longest
        and app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house) like all (patterns)
      limit most) f
    order by near desc, f.name, f.id limit max;
  if found or length(term) < 3 then return; end if;
  return query
    select f.id, word_similarity(term, f.words) as near
    from (select p.id, p.name,
        app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house) as words
      from products p
      where (inactive or p.active)
        and term <% app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house)
      limit most) f
    order by near desc, f.name, f.id limit max;
end $$;--> statement-breakpoint
alter function app.find_products(text, integer, boolean) owner to rapport_search;--> statement-breakpoint
revoke all on function app.find_products(text, integer, boolean) from public;--> statement-breakpoint
grant execute on function app.find_products(text, integer, boolean) to rapport_scoped, rapport_all, rapport_system;--> statement-breakpoint

-- The net asset values that an import brings every day are no news of who changed what.
drop trigger audit on products;--> statement-breakpoint
create trigger audit after insert or delete on products for each row execute function app.audit('id');--> statement-breakpoint
create trigger audit_changes after update on products for each row
  when (app.user_id() is not null or (to_jsonb(old) - array['nav', 'nav_on', 'updated_at', 'version'])
    is distinct from (to_jsonb(new) - array['nav', 'nav_on', 'updated_at', 'version']))
  execute function app.audit('id');
