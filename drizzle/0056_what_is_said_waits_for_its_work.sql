-- What is said about work notes it, and its client's last contact follows: the work is locked before the client, and
-- both before the note. Whoever corrects or deletes what was said has locked the work before. Where no work is named
-- nothing is locked. See decision 0021.
create function app.lock_what_it_is_about() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.query_id is not null then perform 1 from queries where id = new.query_id for no key update; end if;
    if new.request_id is not null then
      perform 1 from service_requests where id = new.request_id for no key update; end if;
    if new.lead_id is not null then perform 1 from leads where id = new.lead_id for no key update; end if;
  end if;
  perform 1 from clients where id in (new.client_id, old.client_id) order by id for no key update;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;--> statement-breakpoint
alter function app.lock_what_it_is_about() owner to rapport_search;--> statement-breakpoint
revoke all on function app.lock_what_it_is_about() from public;--> statement-breakpoint
grant execute on function app.lock_what_it_is_about() to rapport_search;--> statement-breakpoint
create trigger about_said before insert on interactions for each row
  when (coalesce(new.query_id, new.request_id, new.lead_id) is not null)
  execute function app.lock_what_it_is_about();--> statement-breakpoint
create trigger about_corrected before update on interactions for each row
  when (coalesce(old.query_id, old.request_id, old.lead_id, new.query_id, new.request_id, new.lead_id) is not null
    and (old.query_id, old.request_id, old.lead_id, old.occurred_at, old.direction, old.missed, old.automatic, old.channel)
      is distinct from (new.query_id, new.request_id, new.lead_id, new.occurred_at, new.direction, new.missed,
        new.automatic, new.channel))
  execute function app.lock_what_it_is_about();--> statement-breakpoint
create trigger about_unsaid before delete on interactions for each row
  when (coalesce(old.query_id, old.request_id, old.lead_id) is not null)
  execute function app.lock_what_it_is_about();--> statement-breakpoint

-- The work that something said is about, and that it is to be about, before it is locked itself: merging clients locks
-- them in this order too. Of what the actor does not see nothing is locked.
create function app.lock_work_of_interaction(said bigint, query bigint, request bigint, lead bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  people bigint[] := app.visible_user_ids();
  was interactions;
begin
  if not (app.may('interactions.edit') or app.may('interactions.delete')) then return; end if;
  select * into was from interactions i where i.id = said and (everything
    or i.user_id = any (people) or i.logged_by_id = any (people)
    or exists (select 1 from client_access a where a.client_id = i.client_id and a.principal = any (mine)));
  if not found then return; end if;
  perform 1 from queries w where w.id = was.query_id or (w.id = query and w.client_id = was.client_id)
    order by w.id for no key update;
  perform 1 from service_requests w where w.id = was.request_id or (w.id = request and w.client_id = was.client_id)
    order by w.id for no key update;
  perform 1 from leads w where w.id = was.lead_id or (w.id = lead and w.client_id = was.client_id)
    order by w.id for no key update;
end $$;--> statement-breakpoint

-- Open work for clients whose tier or tags are to be changed, which notes it, before the clients.
create function app.lock_open_work(of_clients bigint[]) returns void language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  everything boolean := app.sees_all();
  mine bigint[] := app.principals();
  seen bigint[];
begin
  if not app.may('clients.edit') then return; end if;
  seen := array(select c.id from unnest(of_clients) c(id) where everything
    or exists (select 1 from client_access a where a.client_id = c.id and a.principal = any (mine)));
  perform 1 from queries where client_id = any (seen) and status in ('open', 'in_progress')
    order by id for no key update;
  perform 1 from service_requests where client_id = any (seen) and status in ('pending', 'in_progress')
    order by id for no key update;
end $$;--> statement-breakpoint
do $$
declare f text;
begin
  foreach f in array array['lock_work_of_interaction(bigint, bigint, bigint, bigint)', 'lock_open_work(bigint[])'] loop
    execute format('alter function app.%s owner to rapport_search', f);
    execute format('revoke all on function app.%s from public', f);
    execute format('grant execute on function app.%s to rapport_scoped, rapport_all', f);
  end loop;
end $$;
