-- The sets that policies compare with are computed once per transaction instead of once per policy and statement: a
-- list of clients asked for them nine times. The setting that keeps one names the person it is for, and lives no
-- longer than the transaction. Whoever could forge it could forge app.user_id.
create or replace function app.visible_user_ids() returns bigint[] language plpgsql stable as $$
declare
  me text := pg_catalog.current_setting('app.user_id', true);
  known text := pg_catalog.current_setting('app.kept_people', true);
  people bigint[];
begin
  if me is null or me = '' then return '{}'; end if;
  if pg_catalog.split_part(known, ':', 1) = me then return pg_catalog.split_part(known, ':', 2)::bigint[]; end if;
  people := app.visible_user_ids_of(me::bigint);
  perform pg_catalog.set_config('app.kept_people', me || ':' || people::text, true);
  return people;
end $$;--> statement-breakpoint

create or replace function app.headed_team_ids() returns bigint[] language plpgsql stable as $$
declare
  me text := pg_catalog.current_setting('app.user_id', true);
  known text := pg_catalog.current_setting('app.kept_headed', true);
  headed bigint[];
begin
  if me is null or me = '' then return '{}'; end if;
  if pg_catalog.split_part(known, ':', 1) = me then return pg_catalog.split_part(known, ':', 2)::bigint[]; end if;
  headed := app.headed_team_ids_of(me::bigint);
  perform pg_catalog.set_config('app.kept_headed', me || ':' || headed::text, true);
  return headed;
end $$;--> statement-breakpoint

create or replace function app.team_ids() returns bigint[] language plpgsql stable as $$
declare
  me text := pg_catalog.current_setting('app.user_id', true);
  known text := pg_catalog.current_setting('app.kept_teams', true);
  teams bigint[];
begin
  if me is null or me = '' then return '{}'; end if;
  if pg_catalog.split_part(known, ':', 1) = me then return pg_catalog.split_part(known, ':', 2)::bigint[]; end if;
  teams := app.team_ids_of(me::bigint);
  perform pg_catalog.set_config('app.kept_teams', me || ':' || teams::text, true);
  return teams;
end $$;--> statement-breakpoint

create or replace function app.principals() returns bigint[] language plpgsql stable as $$
declare
  me text := pg_catalog.current_setting('app.user_id', true);
  known text := pg_catalog.current_setting('app.kept_principals', true);
  principals bigint[];
begin
  if me is null or me = '' then return '{}'; end if;
  if pg_catalog.split_part(known, ':', 1) = me then return pg_catalog.split_part(known, ':', 2)::bigint[]; end if;
  principals := app.visible_user_ids()
    || array(select -t.id from pg_catalog.unnest(app.team_ids()) as t(id));
  perform pg_catalog.set_config('app.kept_principals', me || ':' || principals::text, true);
  return principals;
end $$;--> statement-breakpoint

create function app.my_level() returns smallint language plpgsql stable as $$
declare
  me text := pg_catalog.current_setting('app.user_id', true);
  known text := pg_catalog.current_setting('app.kept_level', true);
  level smallint;
begin
  if me is null or me = '' then return null; end if;
  if pg_catalog.split_part(known, ':', 1) = me then
    return nullif(pg_catalog.split_part(known, ':', 2), '')::smallint;
  end if;
  level := app.level_of(me::bigint);
  perform pg_catalog.set_config('app.kept_level', me || ':' || coalesce(level::text, ''), true);
  return level;
end $$;--> statement-breakpoint
create or replace function app.sees_all() returns boolean language plpgsql stable as $$
begin return coalesce(app.my_level() = 0, false); end $$;--> statement-breakpoint
create or replace function app.is_head() returns boolean language plpgsql stable as $$
begin return coalesce(app.my_level() = 1, false); end $$;--> statement-breakpoint
revoke all on function app.my_level() from public;--> statement-breakpoint
grant execute on function app.my_level() to rapport_scoped, rapport_all, rapport_system, rapport_search;--> statement-breakpoint

-- Search reads what is fewer. A small book comes from client_access and is compared one by one (the offset keeps
-- the planner from going through everybody's first), all else comes from the trigram index. Of very many matches the
-- first two thousand are ranked. Words of one or two letters are looked for where words begin, which the index can do.
create or replace function app.find_clients(q text, max integer, minimal boolean default false)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set random_page_cost = 1.1 as $$
declare
  everything boolean := app.sees_all() or (minimal and app.opens_for_anybody());
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
  begins text := substr(inside, 2);
  anywhere text[] := case when length(term) < 3 then array[begins, '% ' || begins] else array[inside] end;
  most constant integer := 2000;
  small constant integer := 1500;
  book bigint[];
begin
  if length(term) < 1 then return; end if;
  if not everything then
    book := array(select distinct a.client_id from client_access a where a.principal = any (mine) limit small + 1);
  end if;
  if cardinality(book) <= small then
    return query
      select f.id, ((f.sort_name like begins)::int + similarity(f.sort_name, term))::real as near
      from (select c.id, c.sort_name, app.client_search_text(c.name, c.number, c.organisation, c.account_id) as words
        from clients c where c.id = any (book) offset 0) f
      where f.words like any (anywhere)
      order by near desc, f.sort_name, f.id limit max;
  else
    return query
      select f.id, ((f.sort_name like begins)::int + similarity(f.sort_name, term))::real as near
      from (select c.id, c.sort_name from clients c
        where app.client_search_text(c.name, c.number, c.organisation, c.account_id) like any (anywhere)
          and (everything or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)))
        limit most) f
      order by near desc, f.sort_name, f.id limit max;
  end if;
  if found or length(term) < 3 then return; end if;
  if cardinality(book) <= small then
    return query
      select f.id, word_similarity(term, f.words) as near
      from (select c.id, c.sort_name, app.client_search_text(c.name, c.number, c.organisation, c.account_id) as words
        from clients c where c.id = any (book) offset 0) f
      where term <% f.words
      order by near desc, f.sort_name, f.id limit max;
  else
    return query
      select f.id, word_similarity(term, f.words) as near
      from (select c.id, c.sort_name, app.client_search_text(c.name, c.number, c.organisation, c.account_id) as words
        from clients c
        where term <% app.client_search_text(c.name, c.number, c.organisation, c.account_id)
          and (everything or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)))
        limit most) f
      order by near desc, f.sort_name, f.id limit max;
  end if;
end $$;--> statement-breakpoint

-- The audit trail is append-only for the tables' owner too.
revoke update, delete, truncate on audit_log from rapport_owner;
