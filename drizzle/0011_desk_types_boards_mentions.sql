-- What search looks through for a query or a request, in one text so that one trigram index serves it.
create function app.work_search_text(number text, client_name text, client_number text, subject text) returns text
language sql immutable parallel safe
  return lower(number || ' ' || client_name || ' ' || client_number || ' ' || coalesce(subject, ''));--> statement-breakpoint
ALTER TABLE "comments" ADD COLUMN "mentions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "queries" ADD COLUMN "waiting_party" text;--> statement-breakpoint
ALTER TABLE "queries" ADD COLUMN "priority_rank" smallint GENERATED ALWAYS AS (case priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 when 'urgent' then 3 else -1 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "queries" ADD COLUMN "status_rank" smallint GENERATED ALWAYS AS (case status when 'open' then 0 when 'in_progress' then 1 when 'resolved' then 2 when 'closed' then 3 else -1 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "request_types" ADD COLUMN "fields" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "service_requests" ADD COLUMN "waiting_party" text;--> statement-breakpoint
ALTER TABLE "service_requests" ADD COLUMN "priority_rank" smallint GENERATED ALWAYS AS (case priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 when 'urgent' then 3 else -1 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "service_requests" ADD COLUMN "status_rank" smallint GENERATED ALWAYS AS (case status when 'pending' then 0 when 'in_progress' then 1 when 'completed' then 2 when 'rejected' then 3 else -1 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "service_requests" ADD COLUMN "fields" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "queries_by_priority" ON "queries" USING btree ("priority_rank" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "queries_by_status" ON "queries" USING btree ("status_rank","id");--> statement-breakpoint
CREATE INDEX "queries_by_client" ON "queries" USING btree ("client_name","id");--> statement-breakpoint
CREATE INDEX "queries_search" ON "queries" USING gin (app.work_search_text(number, client_name, client_number, subject) gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "service_requests_by_priority" ON "service_requests" USING btree ("priority_rank" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "service_requests_by_status" ON "service_requests" USING btree ("status_rank","id");--> statement-breakpoint
CREATE INDEX "service_requests_by_client" ON "service_requests" USING btree ("client_name","id");--> statement-breakpoint
CREATE INDEX "service_requests_search" ON "service_requests" USING gin (app.work_search_text(number, client_name, client_number, null) gin_trgm_ops);--> statement-breakpoint
ALTER TABLE "queries" ADD CONSTRAINT "queries_waiting_party" CHECK ("queries"."waiting_party" in ('registrar', 'fund_house', 'bank', 'courier', 'other'));--> statement-breakpoint
ALTER TABLE "service_requests" ADD CONSTRAINT "service_requests_waiting_party" CHECK ("service_requests"."waiting_party" in ('registrar', 'fund_house', 'bank', 'courier', 'other'));--> statement-breakpoint

-- Ranks follow from what the audit trail has in words.
create or replace function app.audit() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  hidden text[] := array['pan_cipher', 'pan_index', 'pan_ref', 'sort_name', 'name_key', 'updated_at', 'version',
    'last_contact_at', 'last_contact_channel', 'last_contact_by_id', 'last_contact_summary', 'open_work', 'due_at', 'priority_rank', 'status_rank'];
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

-- Search runs as a role whose policies are "true" and applies the actor's visibility itself. Of very many matches
-- the first two thousand are ranked; slips of the finger are forgiven where nothing matches as typed.
create function app.find_queries(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
begin
  if length(term) < 1 then return; end if;
  return query
    select f.id, ((lower(f.number) = term)::int + similarity(lower(f.subject), term))::real as near
    from (select w.id, w.number, w.subject from queries w
      where app.work_search_text(w.number, w.client_name, w.client_number, w.subject) like inside
        and (everything or w.rm_id = any (people) or (w.rm_id is null and w.team_id = any (teams))
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit 2000) f
    order by near desc, f.id desc limit max;
  if found or length(term) < 3 then return; end if;
  return query
    select f.id, f.near
    from (select w.id, word_similarity(term, app.work_search_text(w.number, w.client_name, w.client_number, w.subject)) as near
      from queries w
      where term <% app.work_search_text(w.number, w.client_name, w.client_number, w.subject)
        and (everything or w.rm_id = any (people) or (w.rm_id is null and w.team_id = any (teams))
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit 2000) f
    order by f.near desc, f.id desc limit max;
end $$;--> statement-breakpoint

create function app.find_requests(q text, max integer)
returns table (id bigint, rank real) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all() or app.is_head();
  people bigint[] := app.visible_user_ids();
  teams bigint[] := app.team_ids();
  mine bigint[] := app.principals();
  term text := lower(btrim(q));
  inside text := app.like_pattern(q);
begin
  if length(term) < 1 then return; end if;
  return query
    select f.id, ((lower(f.number) = term)::int + similarity(lower(f.client_name), term))::real as near
    from (select w.id, w.number, w.client_name from service_requests w
      where app.work_search_text(w.number, w.client_name, w.client_number, null) like inside
        and (everything or w.assignee_id = any (people) or w.team_id = any (teams)
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit 2000) f
    order by near desc, f.id desc limit max;
  if found or length(term) < 3 then return; end if;
  return query
    select f.id, f.near
    from (select w.id, word_similarity(term, app.work_search_text(w.number, w.client_name, w.client_number, null)) as near
      from service_requests w
      where term <% app.work_search_text(w.number, w.client_name, w.client_number, null)
        and (everything or w.assignee_id = any (people) or w.team_id = any (teams)
          or exists (select 1 from client_access a where a.client_id = w.client_id and a.principal = any (mine)))
      limit 2000) f
    order by f.near desc, f.id desc limit max;
end $$;--> statement-breakpoint

do $$
declare f text;
begin
  foreach f in array array['app.find_queries(text, integer)', 'app.find_requests(text, integer)'] loop
    execute format('alter function %s owner to rapport_search', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to rapport_scoped, rapport_all, rapport_system, rapport_search', f);
  end loop;
end $$;
