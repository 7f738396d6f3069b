CREATE INDEX "queries_column_due" ON "queries" USING btree ("status","due_at","id");--> statement-breakpoint
CREATE INDEX "queries_column_newest" ON "queries" USING btree ("status","opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_column_due" ON "service_requests" USING btree ("status","due_at","id");--> statement-breakpoint
CREATE INDEX "service_requests_column_newest" ON "service_requests" USING btree ("status","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint

-- Many matches are found among the newest conversations; somebody's own book is read client by client while it is
-- small; words that are rare are looked up in all.
create or replace function app.find_interactions(q text, max integer)
returns table (id bigint) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  newest constant integer := 10000;
  small_book constant integer := 1000;
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  me bigint := app.acting_user_id();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
  begins text := substr(inside, 2);
  anywhere text[] := case when length(term) < 3 then array[begins, '% ' || begins] else array[inside] end;
  book bigint[];
  found_ids bigint[];
begin
  if length(term) < 1 then return; end if;
  if everything then
    found_ids := array(
      select n.id from (select i.id, i.subject, i.occurred_at from interactions i
        order by i.occurred_at desc nulls last, i.id desc nulls last limit newest) n
      where lower(n.subject) like any (anywhere) order by n.occurred_at desc, n.id desc limit max);
    if cardinality(found_ids) >= max then
      return query select unnest(found_ids);
      return;
    end if;
  else
    book := array(select distinct a.client_id from client_access a where a.principal = any (mine) limit small_book + 1);
  end if;
  if cardinality(book) <= small_book then
    return query
      select f.id from (
        select i.id, i.occurred_at from unnest(book) b(client_id) join interactions i on i.client_id = b.client_id
        where lower(i.subject) like any (anywhere)
        union select i.id, i.occurred_at from interactions i where i.user_id = me and lower(i.subject) like any (anywhere)
        union select i.id, i.occurred_at from interactions i where i.logged_by_id = me and lower(i.subject) like any (anywhere)) f
      order by f.occurred_at desc, f.id desc limit max;
    return;
  end if;
  return query
    select i.id from interactions i
    where lower(i.subject) like any (anywhere)
      and (everything or i.user_id = me or i.logged_by_id = me or i.client_id in (
        select a.client_id from client_access a where a.principal = any (mine)))
    order by i.occurred_at desc, i.id desc
    limit max;
end $$;--> statement-breakpoint

-- The extension's settings are known in a session once it was used there.
select similarity('', '');--> statement-breakpoint

-- Three letters are the beginning of something, not a slip of the finger.
create or replace function app.find_products(q text, max integer, inactive boolean default false)
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
  if found or length(term) < 4 then return; end if;
  return query
    select f.id, word_similarity(term, f.words) as near
    from (select p.id, p.name,
        app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house) as words
      from products p
      where (inactive or p.active)
        and term <% app.product_search_text(p.name, p.sku, p.scheme_code, p.isin, p.isin_reinvestment, p.fund_house)
      limit most) f
    order by near desc, f.name, f.id limit max;
end $$;
