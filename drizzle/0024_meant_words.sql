-- The extension's settings are known in a session once it was used there.
select similarity('', '');--> statement-breakpoint

-- A word that somebody once misspelt in a name is known, and still may have been meant otherwise: where nothing was
-- found as it was typed, a single word is taken for what it is most like.
create or replace function app.meant(q text) returns text[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set pg_trgm.similarity_threshold = 0.2 as $$
declare
  most constant integer := 4;
  typed text[] := array(select w from regexp_split_to_table(lower(btrim(q)), '[^[:alnum:]]+') with ordinality t(w, n)
    where w <> '' order by n limit 6);
  known boolean[];
  ways text[] := '{}';
  likely text[];
  best text[] := typed;
begin
  known := array(select length(t.w) < 3 or exists (select 1 from search_words k where k.word like t.w || '%')
    from unnest(typed) with ordinality t(w, n) order by t.n);
  for at in 1..coalesce(cardinality(typed), 0) loop
    continue when length(typed[at]) not between 3 and 40 or (known[at] and cardinality(typed) > 1);
    likely := array(
      select k.word from search_words k
      where k.word % typed[at] and k.word <> typed[at] and abs(length(k.word) - length(typed[at])) <= 3
      order by (select string_agg(l, '' order by l) from regexp_split_to_table(k.word, '') l)
          = (select string_agg(l, '' order by l) from regexp_split_to_table(typed[at], '') l) desc,
        left(k.word, 1) = left(typed[at], 1) desc, similarity(k.word, typed[at]) desc, k.word
      limit 3);
    if cardinality(likely) = 0 then
      if known[at] then continue; end if;
      return '{}';
    end if;
    if not known[at] then best[at] := likely[1]; end if;
    ways := ways || array(
      select array_to_string(typed[:at - 1] || l.w || typed[at + 1:], ' ') from unnest(likely) with ordinality l(w, n)
      where known[at] or n > 1 order by n);
  end loop;
  if best <> typed then ways := array_to_string(best, ' ') || ways; end if;
  return ways[:most];
end $$;
