-- Contacts somebody has planned are his work too, and must not be forgotten when he leaves.
drop function app.work_of(bigint);--> statement-breakpoint
create function app.work_of(of_user bigint)
returns table (clients integer, secondary integer, contacts integer, leads integer, queries integer, requests integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not app.may('admin.users') then return; end if;
  return query select
    (select count(*)::int from clients c where c.primary_rm_id = of_user),
    (select count(*)::int from clients c where c.secondary_rm_id = of_user),
    (select count(*)::int from clients c where c.next_contact_by_id = of_user),
    (select count(*)::int from leads l where l.conversion_rm_id = of_user and l.status in ('new', 'wip')),
    (select count(*)::int from queries q where q.rm_id = of_user and q.status in ('open', 'in_progress')),
    (select count(*)::int from service_requests r where r.assignee_id = of_user and r.status in ('pending', 'in_progress'));
end $$;--> statement-breakpoint
alter function app.work_of(bigint) owner to rapport_search;--> statement-breakpoint
revoke all on function app.work_of(bigint) from public;--> statement-breakpoint
grant execute on function app.work_of(bigint) to rapport_scoped, rapport_all, rapport_system, rapport_search;
