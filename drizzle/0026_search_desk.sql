-- A handful is chosen from a few hundred matches, not from thousands, and a number that is not there is not taken for
-- another that looks like it.
create or replace function app.find_queries(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
  most constant integer := greatest(2 * max, 200);
begin
  if length(term) < 1 then return; end if;
  return query
    select f.id, ((lower(f.number) = term)::int + similarity(lower(f.subject), term))::real as near
    from (select w.id, w.number, w.subject from queries w
      where app.work_search_text(w.number, w.client_name, w.client_number, w.subject) like inside
        and (everything or w.rm_id = any (people) or (w.rm_id is null and w.team_id = any (teams))
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit most) f
    order by near desc, f.id desc limit max;
  if found or length(term) < 3 or term ~ '[0-9]' then return; end if;
  return query
    select f.id, f.near
    from (select w.id, word_similarity(term, app.work_search_text(w.number, w.client_name, w.client_number, w.subject)) as near
      from queries w
      where term <% app.work_search_text(w.number, w.client_name, w.client_number, w.subject)
        and (everything or w.rm_id = any (people) or (w.rm_id is null and w.team_id = any (teams))
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit most) f
    order by f.near desc, f.id desc limit max;
end $$;--> statement-breakpoint

create or replace function app.find_requests(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all() or app.is_head();
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
  most constant integer := greatest(2 * max, 200);
begin
  if length(term) < 1 then return; end if;
  return query
    select f.id, ((lower(f.number) = term)::int + similarity(lower(f.client_name), term))::real as near
    from (select w.id, w.number, w.client_name from service_requests w
      where app.work_search_text(w.number, w.client_name, w.client_number, null) like inside
        and (everything or w.assignee_id = any (people) or w.team_id = any (teams)
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit most) f
    order by near desc, f.id desc limit max;
  if found or length(term) < 3 or term ~ '[0-9]' then return; end if;
  return query
    select f.id, f.near
    from (select w.id, word_similarity(term, app.work_search_text(w.number, w.client_name, w.client_number, null)) as near
      from service_requests w
      where term <% app.work_search_text(w.number, w.client_name, w.client_number, null)
        and (everything or w.assignee_id = any (people) or w.team_id = any (teams)
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit most) f
    order by f.near desc, f.id desc limit max;
end $$;
