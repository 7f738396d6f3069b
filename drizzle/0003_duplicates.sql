-- Things the actor may not see but must act on: the owner of a hidden client, and the name of any client a request
-- may be opened for.
grant insert on duplicate_reviews to rapport_search;--> statement-breakpoint

-- Notes that something new would duplicate a client its author does not see, and returns who decides: the head of
-- the owner's main team, else of another team of his, else the administrators.
create function app.review_duplicate(of_client bigint, of_lead bigint, on_what text) returns bigint[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare head bigint;
begin
  insert into duplicate_reviews (client_id, lead_id, matched_on, asked_by_id)
  select of_client, of_lead, on_what, app.user_id()
  where not exists (select 1 from duplicate_reviews d where d.client_id = of_client and d.asked_by_id = app.user_id()
    and d.lead_id is not distinct from of_lead and d.decided_at is null);
  select t.head_id into head
  from clients c
  join users u on u.id = c.primary_rm_id
  join teams t on t.head_id is not null and (t.id = u.main_team_id
    or exists (select 1 from team_members m where m.team_id = t.id and m.user_id = u.id))
  where c.id = of_client
  order by (t.id = u.main_team_id) desc nulls last, t.id
  limit 1;
  if head is not null then return array[head]; end if;
  return array(select u.id from users u join roles r on r.id = u.role_id and r.level = 0 where u.active order by u.id);
end $$;--> statement-breakpoint

-- Name and number of the clients a search finds. `minimal` is for opening a request: any client, for those who may.
create function app.find_client_labels(q text, max integer, minimal boolean)
returns table (id bigint, name text, number text, organisation text) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return query
    select c.id, c.name, c.number, case when minimal then null else c.organisation end
    from app.find_clients(q, max, minimal) f join clients c on c.id = f.id
    order by f.rank desc, c.sort_name, c.id;
end $$;--> statement-breakpoint

alter function app.review_duplicate(bigint, bigint, text) owner to rapport_search;--> statement-breakpoint
alter function app.find_client_labels(text, integer, boolean) owner to rapport_search;--> statement-breakpoint
revoke all on function app.review_duplicate(bigint, bigint, text), app.find_client_labels(text, integer, boolean) from public;--> statement-breakpoint
grant execute on function app.review_duplicate(bigint, bigint, text), app.find_client_labels(text, integer, boolean)
  to rapport_scoped, rapport_all, rapport_system;
