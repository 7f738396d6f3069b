-- What was asked while work was finished is owed once it is reopened: the worker looks at what was said about it.
create trigger clocks_reopened after update on queries for each row
  when (old.status in ('resolved', 'closed') and new.status in ('open', 'in_progress'))
  execute function app.refresh_clocks('query', 'id');--> statement-breakpoint
create trigger clocks_reopened after update on service_requests for each row
  when (old.status in ('completed', 'rejected') and new.status in ('pending', 'in_progress'))
  execute function app.refresh_clocks('request', 'id');--> statement-breakpoint

-- A first response or a resolution that lapsed before the work was finished is not promised again. A next response is
-- known by its question, which finishing the work has answered: it stays as it lapsed, neither kept nor late.
create or replace function app.reopen_work() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  new.due_at := (select k.due_at from clocks k where k.subject_kind = tg_argv[0] and k.subject_id = new.id
    and k.target = 'resolution' and k.state in ('running', 'paused'));
  update clocks set lapsed = false
  where subject_kind = tg_argv[0] and subject_id = new.id and lapsed and target <> 'next_response';
  return new;
end $$;
