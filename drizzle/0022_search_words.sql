CREATE TABLE "search_words" (
	"word" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "search_words" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "search_words_alike" ON "search_words" USING gin ("word" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "search_words_begin" ON "search_words" USING btree ("word" text_pattern_ops);--> statement-breakpoint
CREATE POLICY "search_words_system" ON "search_words" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "search_words" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update, delete on search_words to rapport_system;--> statement-breakpoint
grant select, insert on search_words to rapport_search;--> statement-breakpoint

-- The words that names are made of, whoever's they are: a slip of the finger is put right by them. Nobody reads them
-- but the functions below, and what those find is narrowed to what the searcher sees as ever.
create function app.words_of(text_ text) returns text[] language sql immutable parallel safe
  return array(select distinct w from regexp_split_to_table(lower(coalesce(text_, '')), '[^[:alnum:]]+') w where length(w) between 3 and 40);--> statement-breakpoint

create function app.learn_words() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into search_words (word)
  select w from unnest(app.words_of(new.name || ' ' || coalesce(new.organisation, ''))) w
  where not exists (select 1 from search_words k where k.word = w)
  order by w on conflict do nothing;
  return null;
end $$;--> statement-breakpoint
create trigger learn_words after insert on clients for each row execute function app.learn_words();--> statement-breakpoint
create trigger relearn_words after update of name, organisation on clients for each row
  when ((old.name, old.organisation) is distinct from (new.name, new.organisation)) execute function app.learn_words();--> statement-breakpoint
create trigger learn_words after insert on leads for each row execute function app.learn_words();--> statement-breakpoint
create trigger relearn_words after update of name, organisation on leads for each row
  when ((old.name, old.organisation) is distinct from (new.name, new.organisation)) execute function app.learn_words();--> statement-breakpoint
-- What is there already. The tables' owner sees no row of them.
create function app.learn_all_words() returns void language sql security definer
set search_path = pg_catalog, public, pg_temp
begin atomic
  insert into search_words (word)
  select distinct w from (select name, organisation from clients union all select name, organisation from leads) n
  cross join lateral unnest(app.words_of(n.name || ' ' || coalesce(n.organisation, ''))) w;
end;--> statement-breakpoint
alter function app.learn_all_words() owner to rapport_search;--> statement-breakpoint
select app.learn_all_words();--> statement-breakpoint
drop function app.learn_all_words();--> statement-breakpoint

-- Up to three ways in which what was typed may have been meant, best first; none where every word is known. Letters
-- that changed places come first, then what begins alike, then what shares the most.
create function app.meant(q text) returns text[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set pg_trgm.similarity_threshold = 0.2 as $$
declare
  typed text;
  likely text[];
  ways text[] := array['', '', ''];
  unknown boolean := false;
begin
  for typed in select w from regexp_split_to_table(lower(btrim(q)), '[^[:alnum:]]+') w where w <> '' loop
    likely := null;
    if length(typed) between 3 and 40 and not exists (select 1 from search_words k where k.word like typed || '%') then
      unknown := true;
      likely := array(
        select k.word from search_words k where k.word % typed and abs(length(k.word) - length(typed)) <= 3
        order by (select string_agg(l, '' order by l) from regexp_split_to_table(k.word, '') l)
            = (select string_agg(l, '' order by l) from regexp_split_to_table(typed, '') l) desc,
          left(k.word, 1) = left(typed, 1) desc, similarity(k.word, typed) desc, k.word
        limit 3);
      if cardinality(likely) = 0 then return '{}'; end if;
    end if;
    for way in 1..3 loop
      ways[way] := btrim(ways[way] || ' ' || coalesce(likely[way], likely[1], typed));
    end loop;
  end loop;
  return case when unknown then array(select u.w from unnest(ways) with ordinality u(w, n) group by u.w order by min(u.n)) else '{}' end;
end $$;--> statement-breakpoint

-- Every word of what was typed, as a pattern that a text must match; a word of one or two letters where words begin.
create function app.word_patterns(q text) returns text[] language sql immutable parallel safe
  return array(select case when length(w) < 3 then '% ' else '%' end || substr(app.like_pattern(w), 2)
    from regexp_split_to_table(lower(btrim(q)), '\s+') w where w <> '' order by length(w) desc);--> statement-breakpoint

-- Search reads what is fewest: names that begin so through an index in their order, and no further where they fill
-- what was asked for; then names of somebody's own book from client_access alone, everybody's and other facts through
-- the trigrams. What is found by its whole number or account comes first.
create or replace function app.find_clients(q text, max integer, minimal boolean default false)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
declare
  everything boolean := app.sees_all() or (minimal and app.opens_for_anybody());
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  begins text := substr(app.like_pattern(q), 2);
  beyond text := term || U&'\FFFF';
  patterns text[] := app.word_patterns(q);
  indexed boolean := length(patterns[1]) >= 5 and patterns[1] not like '% %';
  most constant integer := greatest(2 * max, 400);
  found_ids bigint[];
  first_ids bigint[];
  way text;
begin
  if length(term) < 1 or app.acting_user_id() is null then return; end if;
  found_ids := array(
    select c.id from clients c where (c.number = upper(term) or c.account_id in (btrim(q), upper(term)))
      and (everything or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine))));
  return query select f, 4::real from unnest(found_ids) f;
  if everything then
    first_ids := array(select c.id from clients c where c.sort_name >= term and c.sort_name < beyond and c.sort_name like begins
      order by c.sort_name, c.id limit max);
  else
    first_ids := array(select m.client_id from unnest(mine) p(principal) cross join lateral (
        select a.client_id, a.sort_name from client_access a where a.principal = p.principal
          and a.sort_name >= term and a.sort_name < beyond and a.sort_name like begins
        order by a.sort_name, a.client_id limit max) m
      group by m.sort_name, m.client_id order by m.sort_name, m.client_id limit max);
  end if;
  first_ids := array(select f.id from unnest(first_ids) with ordinality f(id, at)
    where f.id <> all (found_ids) order by f.at limit greatest(max - cardinality(found_ids), 0));
  return query select f.id, (3 - f.at / 10000.0)::real from unnest(first_ids) with ordinality f(id, at);
  found_ids := found_ids || first_ids;
  if cardinality(found_ids) >= max then return; end if;

  return query select r.id, r.rank from app.clients_with(patterns, term, everything, mine, most, indexed) r
    where r.id <> all (found_ids) order by r.rank desc, r.id limit max - cardinality(found_ids);
  if found or cardinality(found_ids) > 0 or length(term) < 3 then return; end if;
  foreach way in array app.meant(term) loop
    return query select r.id, (r.rank - 1)::real from app.clients_with(app.word_patterns(way), way, everything, mine, most, true) r
      order by r.rank desc, r.id limit max;
    if found then return; end if;
  end loop;
end $$;--> statement-breakpoint

-- For find_clients alone: clients all of whose words are found in the name, or in the number, organisation or account.
create function app.clients_with(patterns text[], term text, everything boolean, mine bigint[], most integer, indexed boolean)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
declare many bigint;
begin
  if not everything then
    return query
      select n.client_id, (1 + similarity(n.sort_name, term))::real
      from (select distinct a.client_id, a.sort_name from client_access a
        where a.principal = any (mine) and ' ' || a.sort_name like all (patterns) limit most) n;
    get diagnostics many = row_count;
    if not indexed or many >= most then return; end if;
  elsif not indexed then
    return query
      select n.id, (1 + similarity(n.sort_name, term))::real
      from (select c.id, c.sort_name from clients c where ' ' || c.sort_name like all (patterns) limit most) n;
    return;
  end if;
  return query
    select n.id, (1 + similarity(n.sort_name, term))::real
    from (select c.id, c.sort_name from clients c
      where app.client_search_text(c.name, c.number, c.organisation, c.account_id) like patterns[1]
        and ' ' || app.client_search_text(c.name, c.number, c.organisation, c.account_id) like all (patterns)
        and (everything or (exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine))
          and not ' ' || c.sort_name like all (patterns)))
      limit most) n;
end $$;--> statement-breakpoint

create or replace function app.find_leads(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
declare
  term text := lower(btrim(q));
  way text;
begin
  if length(term) < 1 or app.acting_user_id() is null then return; end if;
  return query select r.id, r.rank from app.leads_with(app.word_patterns(q), term, greatest(2 * max, 400)) r
    order by r.rank desc, r.id desc limit max;
  if found or length(term) < 3 then return; end if;
  foreach way in array app.meant(term) loop
    return query select r.id, (r.rank - 1)::real from app.leads_with(app.word_patterns(way), way, greatest(2 * max, 400)) r
      order by r.rank desc, r.id desc limit max;
    if found then return; end if;
  end loop;
end $$;--> statement-breakpoint

-- For find_leads alone: leads all of whose words are found; short words in the name only, which an index holds.
create function app.leads_with(patterns text[], term text, most integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
declare
  everything boolean := app.sees_all();
  people bigint[] := app.visible_user_ids();
  headed bigint[] := app.headed_team_ids();
  short boolean := length(patterns[1]) < 5 or patterns[1] like '% %';
begin
  return query
    select n.id, ((n.number = upper(term))::int * 3 + (n.sort_name like substr(app.like_pattern(term), 2))::int + 1
      + similarity(n.sort_name, term))::real
    from (select l.id, l.number, l.sort_name from leads l
      where (everything or l.conversion_rm_id = any (people) or l.obtained_by_id = any (people)
          or (l.conversion_rm_id is null and l.team_id = any (headed)))
        and case when short then ' ' || l.sort_name like all (patterns) else true end
        and (short or app.lead_search_text(l.name, l.number, l.organisation, l.email, l.phone) like patterns[1])
        and (short or ' ' || app.lead_search_text(l.name, l.number, l.organisation, l.email, l.phone) like all (patterns))
      limit most) n;
end $$;--> statement-breakpoint

-- Clients by what identifies them: an address or number as it is compared, the beginning of an address, a PAN by its
-- keyed index. Only those the searcher sees.
create function app.find_clients_by_key(keys text[], address text, pan text, max integer)
returns table (id bigint) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  begins text := substr(app.like_pattern(address), 2);
begin
  return query
    select distinct k.client_id from (
      select p.client_id from client_contact_points p where p.value_key = any (keys)
      union all
      (select p.client_id from client_contact_points p where begins is not null and p.kind = 'email' and p.value_key like begins
        and (everything or exists (select 1 from client_access a where a.client_id = p.client_id and a.principal = any (mine)))
        limit max)
      union all
      select c.id from clients c where c.pan_index = pan
    ) k
    where everything or exists (select 1 from client_access a where a.client_id = k.client_id and a.principal = any (mine))
    limit max;
end $$;--> statement-breakpoint
create index client_contact_points_begin on client_contact_points (value_key text_pattern_ops) where kind = 'email';--> statement-breakpoint

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name, p.proname from pg_proc p where p.pronamespace = 'app'::regnamespace
    and p.proname in ('learn_words', 'meant', 'find_clients', 'clients_with', 'find_leads', 'leads_with', 'find_clients_by_key') loop
    execute format('alter function %s owner to rapport_search', f.name);
    execute format('revoke all on function %s from public', f.name);
    execute format('grant execute on function %s to rapport_search', f.name);
    if f.proname like 'find%' then
      execute format('grant execute on function %s to rapport_scoped, rapport_all, rapport_system', f.name);
    end if;
  end loop;
end $$;
