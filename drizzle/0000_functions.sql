-- Functions that the tables' policies and generated columns call. Their bodies name tables made by the next
-- migration, so they are checked there and not here.
set local check_function_bodies = off;--> statement-breakpoint
create extension if not exists pg_trgm;--> statement-breakpoint
create schema if not exists app;--> statement-breakpoint
grant usage on schema app to rapport_app, rapport_scoped, rapport_all, rapport_system, rapport_gate, rapport_search;--> statement-breakpoint
grant usage on schema public to rapport_scoped, rapport_all, rapport_system, rapport_gate, rapport_search;--> statement-breakpoint
grant create on schema app to rapport_search;--> statement-breakpoint

-- Who acts. A transaction-local setting reads '' and not null once it has been set in the session.
create function app.user_id() returns bigint language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::bigint;--> statement-breakpoint

-- The set V: whose records a person sees. Somebody deactivated sees nobody's.
create function app.visible_user_ids_of(of_user bigint) returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct v.user_id), '{}')
    from (
      select u.id as user_id from users u where u.id = of_user and u.active
      union all
      select m.user_id
      from users u
      join roles r on r.id = u.role_id and r.level <= 1
      join teams t on t.head_id = u.id
      join team_members m on m.team_id = t.id
      where u.id = of_user and u.active
    ) v
  );
end $$;--> statement-breakpoint

create function app.headed_team_ids_of(of_user bigint) returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return (
    select coalesce(array_agg(t.id), '{}')
    from users u
    join roles r on r.id = u.role_id and r.level <= 1
    join teams t on t.head_id = u.id
    where u.id = of_user and u.active
  );
end $$;--> statement-breakpoint

-- Teams a person belongs to or heads.
create function app.team_ids_of(of_user bigint) returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct t.team_id), '{}')
    from (
      select m.team_id from team_members m join users u on u.id = m.user_id and u.active where m.user_id = of_user
      union all
      select unnest(app.headed_team_ids_of(of_user))
    ) t
  );
end $$;--> statement-breakpoint

-- What client_access is compared with: the people of V, and the person's teams with a minus sign.
create function app.principals_of(of_user bigint) returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.visible_user_ids_of(of_user) || (select coalesce(array_agg(-t), '{}') from unnest(app.team_ids_of(of_user)) t);
end $$;--> statement-breakpoint

create function app.visible_user_ids() returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return app.visible_user_ids_of(app.user_id()); end $$;--> statement-breakpoint
create function app.headed_team_ids() returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return app.headed_team_ids_of(app.user_id()); end $$;--> statement-breakpoint
create function app.team_ids() returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return app.team_ids_of(app.user_id()); end $$;--> statement-breakpoint
create function app.principals() returns bigint[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return app.principals_of(app.user_id()); end $$;--> statement-breakpoint

create function app.level_of(of_user bigint) returns smallint language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select r.level from users u join roles r on r.id = u.role_id where u.id = of_user and u.active);
end $$;--> statement-breakpoint
create function app.sees_all() returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return coalesce(app.level_of(app.user_id()) = 0, false); end $$;--> statement-breakpoint
create function app.is_head() returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$ begin return coalesce(app.level_of(app.user_id()) = 1, false); end $$;--> statement-breakpoint

-- Operations open requests for any client, whom they find by name and number only.
create function app.opens_for_anybody() returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (
    select 1 from users u
    join role_grants g on g.role_id = u.role_id and g.permission = 'requests.create' and g.scope = 'all'
    where u.id = app.user_id() and u.active
  );
end $$;--> statement-breakpoint

-- May this person see that record? For telling substitutes and other people than the one who acts.
create function app.user_sees_client(of_user bigint, of_client bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.level_of(of_user) = 0 or exists (
    select 1 from client_access a where a.client_id = of_client and a.principal = any (app.principals_of(of_user)));
end $$;--> statement-breakpoint
create function app.user_sees_query(of_user bigint, of_query bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.level_of(of_user) = 0 or exists (
    select 1 from queries q where q.id = of_query and (
      q.rm_id = any (app.visible_user_ids_of(of_user))
      or (q.rm_id is null and q.team_id = any (app.team_ids_of(of_user)))
      or app.user_sees_client(of_user, q.client_id)));
end $$;--> statement-breakpoint
create function app.user_sees_request(of_user bigint, of_request bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.level_of(of_user) <= 1 or exists (
    select 1 from service_requests r where r.id = of_request and (
      r.assignee_id = any (app.visible_user_ids_of(of_user))
      or r.team_id = any (app.team_ids_of(of_user))
      or app.user_sees_client(of_user, r.client_id)));
end $$;--> statement-breakpoint

-- What search looks through, in one text so that one trigram index serves it.
create function app.client_search_text(name text, number text, organisation text, account_id text) returns text
language sql immutable parallel safe
  return lower(name || ' ' || number || ' ' || coalesce(organisation, '') || ' ' || coalesce(account_id, ''));--> statement-breakpoint
create function app.lead_search_text(name text, number text, organisation text, email text, phone text) returns text
language sql immutable parallel safe
  return lower(name || ' ' || number || ' ' || coalesce(organisation, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''));--> statement-breakpoint

create function app.like_pattern(q text) returns text language sql immutable parallel safe
  return '%' || replace(replace(replace(lower(btrim(q)), '\', '\\'), '%', '\%'), '_', '\_') || '%';--> statement-breakpoint

-- Search runs as a role whose policies are "true", so that trigram operators reach the index; it therefore applies
-- the actor's visibility itself. `minimal` is for opening a request: name and number of any client, for those who may.
create function app.find_clients(q text, max integer, minimal boolean default false)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all() or (minimal and app.opens_for_anybody());
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
begin
  if length(term) < 1 then return; end if;
  return query
    select c.id, (case when c.sort_name like replace(replace(term, '\', '\\'), '%', '\%') || '%' then 1 else 0 end
      + similarity(c.sort_name, term))::real as rank
    from clients c
    where app.client_search_text(c.name, c.number, c.organisation, c.account_id) like app.like_pattern(q)
      and (everything or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)))
    order by 2 desc, c.sort_name, c.id
    limit max;
  if found or length(term) < 3 then return; end if;
  return query
    select c.id, word_similarity(term, app.client_search_text(c.name, c.number, c.organisation, c.account_id)) as rank
    from clients c
    where term <% app.client_search_text(c.name, c.number, c.organisation, c.account_id)
      and (everything or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)))
    order by 2 desc, c.sort_name, c.id
    limit max;
end $$;--> statement-breakpoint

create function app.find_leads(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  people bigint[] := app.visible_user_ids();
  headed bigint[] := app.headed_team_ids();
begin
  if length(btrim(q)) < 1 then return; end if;
  return query
    select l.id, similarity(l.sort_name, lower(btrim(q)))::real as rank
    from leads l
    where app.lead_search_text(l.name, l.number, l.organisation, l.email, l.phone) like app.like_pattern(q)
      and (everything or l.conversion_rm_id = any (people) or l.obtained_by_id = any (people)
        or (l.conversion_rm_id is null and l.team_id = any (headed)))
    order by 2 desc, l.created_at desc, l.id desc
    limit max;
end $$;--> statement-breakpoint

-- A duplicate is looked for among all clients, also those the actor does not see; the caller says only "sent for review".
create function app.match_clients(pan_index_ text, emails text[], phones text[], account_id_ text)
returns table (id bigint, matched_on text, visible boolean) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
begin
  return query
    select distinct on (m.client_id) m.client_id, m.matched,
      everything or exists (select 1 from client_access a where a.client_id = m.client_id and a.principal = any (mine))
    from (
      select c.id as client_id, 'pan' as matched, 1 as strength from clients c
        where c.pan_index = pan_index_ and c.pan_holder = 'self'
      union all
      select c.id, 'account', 2 from clients c where c.account_id = account_id_
      union all
      select p.client_id, 'email', 3 from client_contact_points p where p.kind = 'email' and p.value_key = any (emails)
      union all
      select p.client_id, 'phone', 4 from client_contact_points p where p.kind in ('phone', 'whatsapp') and p.value_key = any (phones)
    ) m
    order by m.client_id, m.strength;
end $$;--> statement-breakpoint

-- Showing a PAN whole is an audited act.
create function app.record_reveal(of_client bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into audit_log (table_name, row_id, action, new_values, actor_id)
  values ('clients', of_client, 'reveal', '{"field": "pan"}', app.user_id());
end $$;--> statement-breakpoint

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'app'::regnamespace and p.prosecdef loop
    execute format('alter function %s owner to rapport_search', f.name);
    execute format('revoke all on function %s from public', f.name);
    execute format('grant execute on function %s to rapport_scoped, rapport_all, rapport_system, rapport_search', f.name);
  end loop;
end $$;
