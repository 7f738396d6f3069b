CREATE TABLE "accounts" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"invited_at" timestamp with time zone,
	"invitation_mail" text,
	"invitation_expires_at" timestamp with time zone,
	"password_set_at" timestamp with time zone,
	"last_sign_in_at" timestamp with time zone,
	"links_valid_from" timestamp with time zone,
	"sessions_valid_from" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "role_grants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "roles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "team_members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "teams" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "user_capabilities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "role_grants_scoped_read" ON "role_grants" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "role_grants_all" ON "role_grants" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "role_grants_system" ON "role_grants" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "role_grants_scoped_change" ON "role_grants" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.roles')) and role_id <> (select app.my_role_id()) and app.grant_within(permission, scope)) WITH CHECK ((select app.may('admin.roles')) and role_id <> (select app.my_role_id()) and app.grant_within(permission, scope));--> statement-breakpoint
CREATE POLICY "role_grants_scoped_add" ON "role_grants" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.roles')) and role_id <> (select app.my_role_id()) and app.grant_within(permission, scope));--> statement-breakpoint
CREATE POLICY "role_grants_scoped_remove" ON "role_grants" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.roles')) and role_id <> (select app.my_role_id()) and app.role_within(role_id));--> statement-breakpoint
CREATE POLICY "role_grants_gate" ON "role_grants" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "roles_scoped_read" ON "roles" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "roles_all" ON "roles" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "roles_system" ON "roles" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "roles_scoped_change" ON "roles" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.roles')) and id <> (select app.my_role_id()) and app.role_within(id) and level >= (select app.my_level())) WITH CHECK ((select app.may('admin.roles')) and id <> (select app.my_role_id()) and app.role_within(id) and level >= (select app.my_level()));--> statement-breakpoint
CREATE POLICY "roles_scoped_add" ON "roles" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.roles')) and level >= (select app.my_level()));--> statement-breakpoint
CREATE POLICY "roles_scoped_remove" ON "roles" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.roles')) and id <> (select app.my_role_id()) and app.role_within(id));--> statement-breakpoint
CREATE POLICY "roles_gate" ON "roles" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "team_members_scoped_read" ON "team_members" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "team_members_all" ON "team_members" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "team_members_system" ON "team_members" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "team_members_scoped_add" ON "team_members" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((((select app.may('admin.teams'))) or ((select app.may('admin.users')))) and (user_id <> app.user_id()));--> statement-breakpoint
CREATE POLICY "team_members_scoped_remove" ON "team_members" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING (((select app.may('admin.teams'))) or ((select app.may('admin.users'))));--> statement-breakpoint
CREATE POLICY "team_members_gate" ON "team_members" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "teams_scoped_read" ON "teams" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "teams_all" ON "teams" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "teams_system" ON "teams" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "teams_scoped_change" ON "teams" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.teams'))) WITH CHECK ((select app.may('admin.teams')));--> statement-breakpoint
CREATE POLICY "teams_scoped_add" ON "teams" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.teams')));--> statement-breakpoint
CREATE POLICY "teams_scoped_remove" ON "teams" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.teams')));--> statement-breakpoint
CREATE POLICY "teams_gate" ON "teams" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "user_capabilities_scoped_read" ON "user_capabilities" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING (true);--> statement-breakpoint
CREATE POLICY "user_capabilities_all" ON "user_capabilities" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "user_capabilities_system" ON "user_capabilities" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "user_capabilities_scoped_add" ON "user_capabilities" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.users')) and user_id <> app.user_id() and app.user_within(user_id) and app.holds_capability(capability));--> statement-breakpoint
CREATE POLICY "user_capabilities_scoped_remove" ON "user_capabilities" AS PERMISSIVE FOR DELETE TO "rapport_scoped" USING ((select app.may('admin.users')) and app.user_within(user_id));--> statement-breakpoint
CREATE POLICY "user_capabilities_gate" ON "user_capabilities" AS PERMISSIVE FOR SELECT TO "rapport_gate" USING (true);--> statement-breakpoint
CREATE POLICY "user_profiles_scoped_add" ON "user_profiles" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.users')) and app.user_within(user_id));--> statement-breakpoint
CREATE POLICY "users_scoped_add" ON "users" AS PERMISSIVE FOR INSERT TO "rapport_scoped" WITH CHECK ((select app.may('admin.users')) and app.role_within(role_id));--> statement-breakpoint
CREATE POLICY "accounts_scoped_read" ON "accounts" AS PERMISSIVE FOR SELECT TO "rapport_scoped" USING ((user_id = (select app.acting_user_id())) or ((select app.may('admin.users'))));--> statement-breakpoint
CREATE POLICY "accounts_all" ON "accounts" AS PERMISSIVE FOR ALL TO "rapport_all" USING ((select app.sees_all())) WITH CHECK ((select app.sees_all()));--> statement-breakpoint
CREATE POLICY "accounts_system" ON "accounts" AS PERMISSIVE FOR ALL TO "rapport_search", "rapport_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "accounts_scoped_change" ON "accounts" AS PERMISSIVE FOR UPDATE TO "rapport_scoped" USING ((select app.may('admin.users')) and (user_id = (select app.acting_user_id()) or app.user_within(user_id))) WITH CHECK ((select app.may('admin.users')) and (user_id = (select app.acting_user_id()) or app.user_within(user_id)));--> statement-breakpoint
CREATE POLICY "accounts_gate" ON "accounts" AS PERMISSIVE FOR ALL TO "rapport_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER POLICY "user_profiles_scoped_read" ON "user_profiles" TO rapport_scoped USING ((user_id = any ((select app.visible_user_ids())::bigint[])) or ((select app.may('admin.users'))));--> statement-breakpoint
ALTER POLICY "user_profiles_scoped_change" ON "user_profiles" TO rapport_scoped USING ((user_id = any ((select app.visible_user_ids())::bigint[])) or ((select app.may('admin.users')) and app.user_within(user_id))) WITH CHECK ((user_id = any ((select app.visible_user_ids())::bigint[])) or ((select app.may('admin.users')) and app.user_within(user_id)));--> statement-breakpoint
ALTER POLICY "users_scoped_change" ON "users" TO rapport_scoped USING ((id = any ((select app.visible_user_ids())::bigint[])) or ((select app.may('admin.users')) and app.role_within(role_id))) WITH CHECK ((id = any ((select app.visible_user_ids())::bigint[])) or ((select app.may('admin.users')) and app.role_within(role_id)));--> statement-breakpoint

do $$
declare t text;
begin
  foreach t in array array['accounts', 'roles', 'role_grants', 'user_capabilities', 'teams', 'team_members'] loop
    execute format('alter table %I force row level security', t);
  end loop;
end $$;--> statement-breakpoint

-- Who looks after people need not see all records: policies and triggers say which rows, these which columns.
grant insert on users, user_profiles to rapport_scoped;--> statement-breakpoint
grant update (role_id, main_team_id, active) on users to rapport_scoped;--> statement-breakpoint
grant update (email, email_key) on user_profiles to rapport_scoped;--> statement-breakpoint
grant insert, update, delete on roles, role_grants, teams, team_members to rapport_scoped;--> statement-breakpoint
grant insert, delete on user_capabilities to rapport_scoped;--> statement-breakpoint

create trigger guard before insert or update on users for each row execute function app.guard_users();--> statement-breakpoint
create trigger guard before insert or update on user_profiles for each row execute function app.guard_profiles();--> statement-breakpoint
create trigger guard before insert or update on teams for each row execute function app.guard_team_heads();--> statement-breakpoint

-- What may be known of an account without reading credentials: kept by triggers, so that no way in is forgotten.
alter table accounts add constraint accounts_user foreign key (user_id) references users on delete cascade;--> statement-breakpoint
grant select, insert, update, delete on accounts to rapport_system;--> statement-breakpoint
grant select, insert, update on accounts to rapport_search, rapport_gate;--> statement-breakpoint
grant select on accounts to rapport_scoped, rapport_all;--> statement-breakpoint
grant update (invited_at, invitation_mail, invitation_expires_at, links_valid_from, sessions_valid_from) on accounts
  to rapport_scoped, rapport_all;--> statement-breakpoint
grant update (main_team_id, substitute_id) on users to rapport_search;--> statement-breakpoint

create function app.open_account() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into accounts (user_id) values (new.id) on conflict do nothing;
  return null;
end $$;--> statement-breakpoint
create trigger open_account after insert on users for each row execute function app.open_account();--> statement-breakpoint

-- Somebody who leaves is signed out at once, and what let him in before does not let him in when he comes back.
create function app.close_account() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts set sessions_valid_from = clock_timestamp(), links_valid_from = clock_timestamp(),
    invitation_mail = null, invitation_expires_at = null
  where user_id = new.id;
  if not new.active then update users set substitute_id = null where substitute_id = new.id; end if;
  perform pg_notify('app_sessions', 'user:' || new.id);
  return null;
end $$;--> statement-breakpoint
create trigger close_account after update of active on users for each row when (old.active is distinct from new.active)
  execute function app.close_account();--> statement-breakpoint

create function app.note_password() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts set password_set_at = new.changed_at, links_valid_from = clock_timestamp(),
    invitation_mail = null, invitation_expires_at = null
  where user_id = new.user_id;
  return null;
end $$;--> statement-breakpoint
create trigger note_password after insert or update of password_hash on credentials for each row
  when (new.password_hash is not null) execute function app.note_password();--> statement-breakpoint

create function app.note_link() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts set invitation_expires_at = new.expires_at, invited_at = coalesce(invited_at, new.created_at)
  where user_id = new.user_id;
  return null;
end $$;--> statement-breakpoint
create trigger note_link after insert on invitations for each row execute function app.note_link();--> statement-breakpoint

create function app.note_sign_in() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts set last_sign_in_at = new.created_at where user_id = new.user_id;
  return null;
end $$;--> statement-breakpoint
create trigger note_sign_in after insert on sessions for each row execute function app.note_sign_in();--> statement-breakpoint

-- The main team is one of a person's teams.
create function app.leave_main_team() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update users set main_team_id = (select min(m.team_id) from team_members m where m.user_id = old.user_id)
  where id = old.user_id and main_team_id = old.team_id;
  return null;
end $$;--> statement-breakpoint
create trigger leave_main_team after delete on team_members for each row execute function app.leave_main_team();--> statement-breakpoint

do $$
declare f text;
begin
  foreach f in array array['open_account()', 'close_account()', 'note_password()', 'note_link()', 'note_sign_in()', 'leave_main_team()'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_search', f);
  end loop;
end $$;--> statement-breakpoint

-- Signing in is no change; inviting somebody and ending his sessions are.
create trigger audit after update of invited_at, invitation_mail, sessions_valid_from on accounts for each row
  execute function app.audit('user_id');--> statement-breakpoint

-- The owner of the tables reads nothing where row level security is forced.
do $$
declare t text;
begin
  foreach t in array array['users', 'credentials', 'sessions', 'invitations', 'accounts'] loop
    execute format('alter table %I no force row level security', t);
  end loop;
  insert into accounts (user_id, invited_at, invitation_expires_at, password_set_at, last_sign_in_at)
  select u.id, i.created_at, i.expires_at, case when c.password_hash is not null then c.changed_at end,
    (select max(s.created_at) from sessions s where s.user_id = u.id)
  from users u
  left join credentials c on c.user_id = u.id
  left join lateral (
    select i.created_at, i.expires_at from invitations i where i.user_id = u.id and i.used_at is null
    order by i.created_at desc limit 1
  ) i on true;
  foreach t in array array['users', 'credentials', 'sessions', 'invitations', 'accounts'] loop
    execute format('alter table %I force row level security', t);
  end loop;
end $$;
