-- What many rows at once cost. A trigger's statement is planned once per session, and a join of the old rows with the
-- new ones, planned when one row was changed, took a minute for twenty thousand. What differs between two sets needs
-- no join, and costs the same per row however it was planned.
create or replace function app.refresh_client_access(ids bigint[]) returns void language plpgsql security definer
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
    delete from client_access a
    using (
      select h.client_id, h.principal from client_access h where h.client_id = any (ids)
      except select w.client_id, w.principal from wanted w
    ) d
    where a.client_id = d.client_id and a.principal = d.principal
  )
  insert into client_access as a (principal, client_id, sort_name)
  select principal, client_id, sort_name from wanted
  on conflict (client_id, principal) do update set sort_name = excluded.sort_name where a.sort_name <> excluded.sort_name;
end $$;--> statement-breakpoint

create or replace function app.client_access_of_clients() returns trigger language plpgsql security definer
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
      select d.id from (
        select id, primary_rm_id, secondary_rm_id, sort_name from new_rows
        except select id, primary_rm_id, secondary_rm_id, sort_name from old_rows) d));
  end if;
  return null;
end $$;--> statement-breakpoint

create or replace function app.client_access_of_queries() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    ids := array(select distinct client_id from new_rows);
  elsif tg_op = 'DELETE' then
    ids := array(select distinct client_id from old_rows);
  else
    ids := array(
      select d.client_id from (
        select id, client_id, rm_id, team_id, status in ('open', 'in_progress') from new_rows
        except select id, client_id, rm_id, team_id, status in ('open', 'in_progress') from old_rows) d
      union
      select d.client_id from (select id, client_id from old_rows except select id, client_id from new_rows) d);
  end if;
  perform app.refresh_client_access(ids);
  return null;
end $$;--> statement-breakpoint

create or replace function app.client_access_of_service_requests() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    ids := array(select distinct client_id from new_rows);
  elsif tg_op = 'DELETE' then
    ids := array(select distinct client_id from old_rows);
  else
    ids := array(
      select d.client_id from (
        select id, client_id, assignee_id, team_id, status in ('pending', 'in_progress') from new_rows
        except select id, client_id, assignee_id, team_id, status in ('pending', 'in_progress') from old_rows) d
      union
      select d.client_id from (select id, client_id from old_rows except select id, client_id from new_rows) d);
  end if;
  perform app.refresh_client_access(ids);
  return null;
end $$;--> statement-breakpoint

create or replace function app.keep_last_contact() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare ids bigint[];
begin
  if tg_op = 'INSERT' then
    ids := array(select distinct client_id from new_rows where is_contact);
  elsif tg_op = 'DELETE' then
    ids := array(select distinct client_id from old_rows where is_contact);
  else
    ids := array(
      select d.client_id from (
        select id, client_id, occurred_at, channel, user_id, left(subject, 200) from new_rows where is_contact
        except select id, client_id, occurred_at, channel, user_id, left(subject, 200) from old_rows where is_contact) d
      union
      select d.client_id from (
        select id, client_id from old_rows where is_contact
        except select id, client_id from new_rows where is_contact) d);
  end if;
  if cardinality(ids) = 0 then return null; end if;
  update clients c
  set last_contact_at = i.occurred_at, last_contact_channel = i.channel, last_contact_by_id = i.user_id,
      last_contact_summary = left(i.subject, 200)
  from unnest(ids) touched(client_id)
  left join lateral (
    select x.occurred_at, x.channel, x.user_id, x.subject from interactions x
    where x.client_id = touched.client_id and x.is_contact
    order by x.occurred_at desc, x.id desc limit 1
  ) i on true
  where c.id = touched.client_id
    and (c.last_contact_at, c.last_contact_channel, c.last_contact_by_id, c.last_contact_summary)
      is distinct from (i.occurred_at, i.channel, i.user_id, left(i.subject, 200));
  return null;
end $$;
--> statement-breakpoint

create or replace function app.keep_open_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  open constant text[] := array['open', 'pending', 'in_progress'];
  ids bigint[];
begin
  if tg_op = 'INSERT' then
    ids := array(select distinct client_id from new_rows where status = any (open));
  elsif tg_op = 'DELETE' then
    ids := array(select distinct client_id from old_rows where status = any (open));
  else
    ids := array(
      select d.client_id from (
        select id, client_id, status = any (open) from new_rows
        except select id, client_id, status = any (open) from old_rows) d
      union
      select d.client_id from (
        select id, client_id, status = any (open) from old_rows
        except select id, client_id, status = any (open) from new_rows) d);
  end if;
  if cardinality(ids) > 0 then perform app.count_open_work(ids); end if;
  return null;
end $$;
