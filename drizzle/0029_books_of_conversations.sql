-- Many matches are found among the newest conversations; a small book is read client by client, and its
-- words compared afterwards: row level security hides from the planner how common a word is (offset 0).
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
        select i.id, i.occurred_at, i.subject from unnest(book) b(client_id) join interactions i on i.client_id = b.client_id
        union select i.id, i.occurred_at, i.subject from interactions i where i.user_id = me
        union select i.id, i.occurred_at, i.subject from interactions i where i.logged_by_id = me offset 0) f
      where lower(f.subject) like any (anywhere)
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
end $$;
