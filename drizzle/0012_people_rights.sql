-- What the acting person may do, for policies and triggers: nobody hands out more than he holds himself.
create function app.my_role_id() returns bigint language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select u.role_id from users u where u.id = app.user_id() and u.active);
end $$;--> statement-breakpoint

create function app.scope_rank(scope text) returns integer language sql immutable parallel safe
  return case scope when 'all' then 3 when 'team' then 2 when 'own' then 1 else 0 end;--> statement-breakpoint

-- Administrators who look after roles hold everything: they could give it to themselves by way of a colleague.
create function app.holds_everything() returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.sees_all() and app.may('admin.roles');
end $$;--> statement-breakpoint

create function app.grant_within(wanted text, wanted_scope text) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.holds_everything() or exists (
    select 1 from role_grants g
    where g.role_id = app.my_role_id() and g.permission = wanted and app.scope_rank(g.scope) >= app.scope_rank(wanted_scope));
end $$;--> statement-breakpoint

-- Is there nothing in this role that the acting person does not hold?
create function app.role_within(of_role bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.holds_everything() or exists (
    select 1 from roles mine join roles theirs on theirs.id = of_role and theirs.level >= mine.level
    where mine.id = app.my_role_id() and not exists (
      select 1 from role_grants g where g.role_id = theirs.id and not app.grant_within(g.permission, g.scope)));
end $$;--> statement-breakpoint

create function app.user_within(of_user bigint) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.role_within((select u.role_id from users u where u.id = of_user));
end $$;--> statement-breakpoint

create function app.holds_capability(wanted text) returns boolean language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  return app.sees_all() or exists (
    select 1 from user_capabilities c join users u on u.id = c.user_id and u.active
    where c.user_id = app.user_id() and c.capability = wanted);
end $$;--> statement-breakpoint

-- Counts of what a person holds and of what is with a team, for those who look after people: also of what they do
-- not see, since it must not be forgotten.
create function app.work_of(of_user bigint)
returns table (clients integer, secondary integer, leads integer, queries integer, requests integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.may('admin.users') then return; end if;
  return query select
    (select count(*)::int from clients c where c.primary_rm_id = of_user),
    (select count(*)::int from clients c where c.secondary_rm_id = of_user),
    (select count(*)::int from leads l where l.conversion_rm_id = of_user and l.status in ('new', 'wip')),
    (select count(*)::int from queries q where q.rm_id = of_user and q.status in ('open', 'in_progress')),
    (select count(*)::int from service_requests r where r.assignee_id = of_user and r.status in ('pending', 'in_progress'));
end $$;--> statement-breakpoint

create function app.work_of_team(of_team bigint)
returns table (members integer, leads integer, queries integer, requests integer, request_types integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.may('admin.teams') then return; end if;
  return query select
    (select count(*)::int from team_members m where m.team_id = of_team),
    (select count(*)::int from leads l where l.team_id = of_team),
    (select count(*)::int from queries q where q.team_id = of_team),
    (select count(*)::int from service_requests r where r.team_id = of_team),
    (select count(*)::int from request_types t where t.default_team_id = of_team);
end $$;--> statement-breakpoint

-- Looking at the firm with somebody else's eyes is an audited act.
create function app.record_preview(of_table text, of_row bigint) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.holds_everything() or of_table not in ('users', 'roles') then
    raise insufficient_privilege using message = 'previews are for administrators';
  end if;
  insert into audit_log (table_name, row_id, action, new_values, actor_id)
  values (of_table, of_row, 'reveal', '{"field": "preview"}', app.user_id());
end $$;--> statement-breakpoint

-- What column grants cannot say, since a head and a keeper of users act as the same role of the database.
create function app.guard_users() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare changed boolean := tg_op = 'INSERT' or (new.role_id, new.active) is distinct from (old.role_id, old.active);
begin
  if current_user not in ('rapport_scoped', 'rapport_all') then return new; end if;
  if changed and (new.id = app.user_id() or not app.may('admin.users') or not app.role_within(new.role_id)
    or (tg_op = 'UPDATE' and not app.role_within(old.role_id))) then
    raise insufficient_privilege using message = 'this role or person is beyond what the actor holds';
  end if;
  if tg_op = 'UPDATE' and new.main_team_id is distinct from old.main_team_id
    and not (app.may('admin.users') or app.may('admin.teams')) then
    raise insufficient_privilege using message = 'main teams are set by those who look after people';
  end if;
  return new;
end $$;--> statement-breakpoint

create function app.guard_profiles() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user in ('rapport_scoped', 'rapport_all')
    and (tg_op = 'INSERT' or (new.email, new.email_key) is distinct from (old.email, old.email_key))
    and not (app.may('admin.users') and app.user_within(new.user_id)) then
    raise insufficient_privilege using message = 'addresses are set by those who look after users';
  end if;
  return new;
end $$;--> statement-breakpoint

create function app.guard_team_heads() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user = 'rapport_scoped' and new.head_id = app.user_id()
    and (tg_op = 'INSERT' or new.head_id is distinct from old.head_id) then
    raise insufficient_privilege using message = 'nobody makes himself a head';
  end if;
  return new;
end $$;--> statement-breakpoint

do $$
declare f text;
begin
  foreach f in array array['my_role_id()', 'holds_everything()', 'grant_within(text, text)', 'role_within(bigint)',
    'user_within(bigint)', 'holds_capability(text)', 'work_of(bigint)', 'work_of_team(bigint)', 'record_preview(text, bigint)'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_scoped, rapport_all, rapport_system, rapport_search', f);
  end loop;
end $$;
