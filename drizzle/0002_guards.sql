-- What Drizzle cannot say: forced row level security, grants, references across domains, triggers.

-- Row level security holds for the owner of the tables too.
do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relrowsecurity loop
    execute format('alter table %s force row level security', t.name);
  end loop;
end $$;--> statement-breakpoint

-- Grants. System does everything; the definer functions read everything and keep the derived tables.
grant select, insert, update, delete on all tables in schema public to rapport_system;--> statement-breakpoint
grant select on all tables in schema public to rapport_search;--> statement-breakpoint
revoke all on credentials, sessions, login_attempts, invitations, key_checks from rapport_search;--> statement-breakpoint
grant insert, update, delete on client_access to rapport_search;--> statement-breakpoint
grant insert on audit_log to rapport_search;--> statement-breakpoint
grant update on clients, queries, service_requests to rapport_search;--> statement-breakpoint

-- What people read through the app: everybody the directory and the catalogue, row level security narrows the rest.
grant select on
  users, user_profiles, user_capabilities, roles, role_grants, teams, team_members, firm_settings, list_items, products,
  clients, client_access, client_contact_points, client_addresses, client_tags, client_notes, duplicate_reviews,
  holdings, leads, interactions, request_types, queries, service_requests, comments,
  calendars, calendar_windows, calendar_holidays, policies, policy_versions, policy_targets, policy_steps,
  clocks, clock_segments, clock_steps, escalations, notifications, pipeline_snapshots, digests, audit_log, mail_outbox, job_outbox
  to rapport_scoped, rapport_all;--> statement-breakpoint
grant insert, update on
  clients, client_contact_points, client_addresses, client_tags, duplicate_reviews, holdings, leads, interactions,
  queries, service_requests, clocks, clock_segments, clock_steps, notifications
  to rapport_scoped, rapport_all;--> statement-breakpoint
grant insert on client_notes, comments, mail_outbox, job_outbox, digests to rapport_scoped, rapport_all;--> statement-breakpoint
grant delete on client_contact_points, client_addresses, client_tags, clock_steps to rapport_scoped, rapport_all;--> statement-breakpoint
grant update (name, extension, leave_from, leave_to, substitute_id, updated_at, version) on users to rapport_scoped;--> statement-breakpoint
grant update (phone, time_zone, language, digest_at, notification_choices) on user_profiles to rapport_scoped;--> statement-breakpoint

-- Administrators look after the firm.
grant insert, update, delete on
  users, user_profiles, user_capabilities, roles, role_grants, teams, team_members, firm_settings, list_items, products,
  request_types, calendars, calendar_windows, calendar_holidays, policies, policy_versions, policy_targets, policy_steps
  to rapport_all;--> statement-breakpoint
grant delete on clients, holdings, leads, interactions, queries, service_requests to rapport_all;--> statement-breakpoint
grant select on job_runs, dead_letters to rapport_all;--> statement-breakpoint
grant update on dead_letters, mail_outbox to rapport_all;--> statement-breakpoint

-- The gate: credentials and nothing else, beside what it needs to say who somebody is.
grant select, insert, update, delete on credentials, sessions, login_attempts, invitations to rapport_gate;--> statement-breakpoint
grant select on users, user_profiles, user_capabilities, roles, role_grants, teams, team_members, firm_settings to rapport_gate;--> statement-breakpoint

-- The audit trail is append-only, for system too.
revoke update, delete on audit_log from rapport_system;--> statement-breakpoint

-- /readyz compares the applied migrations with those it knows.
grant usage on schema drizzle to rapport_app, rapport_system;--> statement-breakpoint
grant select on all tables in schema drizzle to rapport_app, rapport_system;--> statement-breakpoint

-- References that would make the domains' schemas import each other in a circle.
alter table credentials add constraint credentials_user foreign key (user_id) references users on delete cascade;--> statement-breakpoint
alter table sessions add constraint sessions_user foreign key (user_id) references users on delete cascade;--> statement-breakpoint
alter table invitations add constraint invitations_user foreign key (user_id) references users on delete cascade;--> statement-breakpoint
alter table mail_outbox add constraint mail_outbox_user foreign key (user_id) references users on delete set null;--> statement-breakpoint
alter table interactions add constraint interactions_query foreign key (query_id) references queries;--> statement-breakpoint
alter table interactions add constraint interactions_request foreign key (request_id) references service_requests;--> statement-breakpoint
alter table interactions add constraint interactions_lead foreign key (lead_id) references leads;--> statement-breakpoint
alter table holdings add constraint holdings_lead foreign key (lead_id) references leads;--> statement-breakpoint
alter table leads add constraint leads_origin foreign key (origin_interaction_id) references interactions;--> statement-breakpoint
alter table duplicate_reviews add constraint duplicate_reviews_lead foreign key (lead_id) references leads;--> statement-breakpoint
alter table policies add constraint policies_request_type foreign key (request_type_id) references request_types;--> statement-breakpoint

-- Audit: only what changed, never a secret, never a PAN beyond its last four characters.
create function app.audit() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden text[] := array['pan_cipher', 'pan_index', 'pan_ref', 'sort_name', 'name_key', 'updated_at', 'version',
    'last_contact_at', 'last_contact_channel', 'last_contact_by_id', 'last_contact_summary', 'due_at'];
  o jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  n jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  pan_changed boolean := tg_op = 'UPDATE' and o ->> 'pan_index' is distinct from n ->> 'pan_index';
  row_key bigint := coalesce(n, o) ->> tg_argv[0];
begin
  o := o - hidden;
  n := n - hidden;
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(a.key, o -> a.key), jsonb_object_agg(a.key, a.value) into o, n
    from jsonb_each(n) a where a.value is distinct from o -> a.key;
    if pan_changed then n := coalesce(n, '{}') || '{"pan": "changed"}'; end if;
    if n is null then return null; end if;
  end if;
  insert into audit_log (table_name, row_id, action, old_values, new_values, actor_id)
  values (tg_table_name, row_key, lower(tg_op), o, jsonb_strip_nulls(n), app.user_id());
  return null;
end $$;--> statement-breakpoint
alter function app.audit() owner to rapport_search;--> statement-breakpoint

do $$
declare t record;
begin
  for t in select * from (values
    ('users', 'id'), ('user_profiles', 'user_id'), ('user_capabilities', 'user_id'), ('roles', 'id'), ('role_grants', 'role_id'),
    ('teams', 'id'), ('team_members', 'team_id'), ('firm_settings', 'id'), ('list_items', 'position'), ('products', 'id'),
    ('clients', 'id'), ('client_contact_points', 'client_id'), ('client_addresses', 'client_id'), ('client_tags', 'client_id'),
    ('client_notes', 'client_id'), ('duplicate_reviews', 'client_id'), ('holdings', 'id'), ('leads', 'id'), ('interactions', 'id'),
    ('request_types', 'id'), ('queries', 'id'), ('service_requests', 'id'), ('comments', 'subject_id'), ('calendars', 'id'),
    ('calendar_windows', 'calendar_id'), ('calendar_holidays', 'calendar_id'), ('policies', 'id'), ('policy_versions', 'policy_id'),
    ('policy_targets', 'policy_version_id'), ('policy_steps', 'policy_version_id')
  ) v(name, key) loop
    execute format('create trigger audit after insert or update or delete on %I for each row execute function app.audit(%L)', t.name, t.key);
  end loop;
end $$;--> statement-breakpoint

-- client_access: recomputed for the clients a statement touched.
create function app.refresh_client_access(ids bigint[]) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  -- Two transactions that touch the same client one after the other must not both compute from what they saw before.
  perform 1 from clients where id = any (ids) order by id for no key update;
  with wanted as materialized (
    select distinct w.principal, c.id as client_id, c.sort_name
    from clients c
    join lateral (
      select c.primary_rm_id as principal
      union all select c.secondary_rm_id
      union all select coalesce(r.assignee_id, -r.team_id) from service_requests r
        where r.client_id = c.id and r.status in ('pending', 'in_progress')
      union all select coalesce(q.rm_id, -q.team_id) from queries q
        where q.client_id = c.id and q.status in ('open', 'in_progress')
    ) w on w.principal is not null
    where c.id = any (ids)
  ), gone as (
    delete from client_access a where a.client_id = any (ids)
      and not exists (select 1 from wanted w where w.client_id = a.client_id and w.principal = a.principal)
  )
  insert into client_access as a (principal, client_id, sort_name)
  select principal, client_id, sort_name from wanted
  on conflict (client_id, principal) do update set sort_name = excluded.sort_name where a.sort_name <> excluded.sort_name;
end $$;--> statement-breakpoint

create function app.client_access_of_clients() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into client_access (principal, client_id, sort_name)
    select p.principal, n.id, n.sort_name
    from new_rows n cross join lateral (select n.primary_rm_id as principal union select n.secondary_rm_id) p
    where p.principal is not null
    on conflict do nothing;
  else
    perform app.refresh_client_access(array(
      select n.id from new_rows n join old_rows o on o.id = n.id
      where (n.primary_rm_id, n.secondary_rm_id, n.sort_name) is distinct from (o.primary_rm_id, o.secondary_rm_id, o.sort_name)));
  end if;
  return null;
end $$;--> statement-breakpoint
create trigger access_added after insert on clients referencing new table as new_rows
  for each statement execute function app.client_access_of_clients();--> statement-breakpoint
create trigger access_changed after update on clients referencing old table as old_rows new table as new_rows
  for each statement execute function app.client_access_of_clients();--> statement-breakpoint

create function app.client_access_of_queries() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct client_id) into ids from new_rows;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct client_id) into ids from old_rows;
  else
    select array_agg(distinct c) into ids
    from new_rows n join old_rows o on o.id = n.id cross join lateral unnest(array[n.client_id, o.client_id]) c
    where (n.client_id, n.rm_id, n.team_id, n.status in ('open', 'in_progress'))
      is distinct from (o.client_id, o.rm_id, o.team_id, o.status in ('open', 'in_progress'));
  end if;
  perform app.refresh_client_access(ids);
  return null;
end $$;--> statement-breakpoint
create trigger access_added after insert on queries referencing new table as new_rows
  for each statement execute function app.client_access_of_queries();--> statement-breakpoint
create trigger access_changed after update on queries referencing old table as old_rows new table as new_rows
  for each statement execute function app.client_access_of_queries();--> statement-breakpoint
create trigger access_removed after delete on queries referencing old table as old_rows
  for each statement execute function app.client_access_of_queries();--> statement-breakpoint

create function app.client_access_of_service_requests() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct client_id) into ids from new_rows;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct client_id) into ids from old_rows;
  else
    select array_agg(distinct c) into ids
    from new_rows n join old_rows o on o.id = n.id cross join lateral unnest(array[n.client_id, o.client_id]) c
    where (n.client_id, n.assignee_id, n.team_id, n.status in ('pending', 'in_progress'))
      is distinct from (o.client_id, o.assignee_id, o.team_id, o.status in ('pending', 'in_progress'));
  end if;
  perform app.refresh_client_access(ids);
  return null;
end $$;--> statement-breakpoint
create trigger access_added after insert on service_requests referencing new table as new_rows
  for each statement execute function app.client_access_of_service_requests();--> statement-breakpoint
create trigger access_changed after update on service_requests referencing old table as old_rows new table as new_rows
  for each statement execute function app.client_access_of_service_requests();--> statement-breakpoint
create trigger access_removed after delete on service_requests referencing old table as old_rows
  for each statement execute function app.client_access_of_service_requests();--> statement-breakpoint

-- The client's name and number on the desk's rows.
create function app.label_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  select c.name, c.number into new.client_name, new.client_number from clients c where c.id = new.client_id;
  new.client_name := coalesce(new.client_name, '');
  new.client_number := coalesce(new.client_number, '');
  return new;
end $$;--> statement-breakpoint
create trigger label before insert or update of client_id on queries for each row execute function app.label_work();--> statement-breakpoint
create trigger label before insert or update of client_id on service_requests for each row execute function app.label_work();--> statement-breakpoint
create function app.relabel_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update queries set client_name = new.name where client_id = new.id;
  update service_requests set client_name = new.name where client_id = new.id;
  return null;
end $$;--> statement-breakpoint
create trigger relabel after update of name on clients for each row when (old.name is distinct from new.name)
  execute function app.relabel_work();--> statement-breakpoint

-- The last contact is derived, never typed in.
create function app.keep_last_contact() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct client_id) into ids from new_rows where is_contact;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct client_id) into ids from old_rows where is_contact;
  else
    select array_agg(distinct c) into ids
    from new_rows n join old_rows o on o.id = n.id cross join lateral unnest(array[n.client_id, o.client_id]) c
    where n.is_contact or o.is_contact;
  end if;
  update clients c
  set last_contact_at = i.occurred_at, last_contact_channel = i.channel, last_contact_by_id = i.user_id,
      last_contact_summary = left(i.subject, 200)
  from unnest(coalesce(ids, '{}')) touched(client_id)
  left join lateral (
    select x.occurred_at, x.channel, x.user_id, x.subject from interactions x
    where x.client_id = touched.client_id and x.is_contact
    order by x.occurred_at desc, x.id desc limit 1
  ) i on true
  where c.id = touched.client_id
    and (c.last_contact_at, c.last_contact_channel, c.last_contact_by_id, c.last_contact_summary)
      is distinct from (i.occurred_at, i.channel, i.user_id, left(i.subject, 200));
  return null;
end $$;--> statement-breakpoint
create trigger last_contact_added after insert on interactions referencing new table as new_rows
  for each statement execute function app.keep_last_contact();--> statement-breakpoint
create trigger last_contact_changed after update on interactions referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_last_contact();--> statement-breakpoint
create trigger last_contact_removed after delete on interactions referencing old table as old_rows
  for each statement execute function app.keep_last_contact();--> statement-breakpoint

-- The due time of the running resolution clock, on the row it runs for, so that lists sort by it.
create function app.copy_due() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.subject_kind = 'query' then
    update queries set due_at = new.due_at where id = new.subject_id and due_at is distinct from new.due_at;
  else
    update service_requests set due_at = new.due_at where id = new.subject_id and due_at is distinct from new.due_at;
  end if;
  return null;
end $$;--> statement-breakpoint
create trigger due_started after insert on clocks for each row when (new.target = 'resolution') execute function app.copy_due();--> statement-breakpoint
create trigger due_moved after update on clocks for each row
  when (new.target = 'resolution' and old.due_at is distinct from new.due_at) execute function app.copy_due();--> statement-breakpoint

-- Web processes learn of new notifications by the id of the person they are for.
create function app.announce_notifications() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_notify('app_notifications', n.user_id::text) from (select distinct user_id from new_rows) n;
  return null;
end $$;--> statement-breakpoint
create trigger announce after insert on notifications referencing new table as new_rows
  for each statement execute function app.announce_notifications();--> statement-breakpoint

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name, p.prorettype = 'trigger'::regtype as is_trigger
    from pg_proc p where p.pronamespace = 'app'::regnamespace and p.prosecdef loop
    execute format('alter function %s owner to rapport_search', f.name);
    execute format('revoke all on function %s from public', f.name);
    execute format('grant execute on function %s to rapport_search', f.name);
  end loop;
end $$;
