-- How many clocks ran under a policy keeps it from being deleted, whoever sees them: those under it now, those that
-- ended, and those that went over to another and are explained by it.
create function app.clocks_under(policy bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  own bigint[] := array(select v.id from policy_versions v where v.policy_id = policy);
begin
  if not app.may('admin.policies') then
    return 0;
  end if;
  return (
    select count(*) from (
      select k.id from clocks k where k.policy_version_id = any (own)
      union select m.clock_id from clock_moves m where m.policy_version_id = any (own) or m.from_version_id = any (own)
      union select e.clock_id from escalations e where e.policy_version_id = any (own)
    ) ran
  );
end $$;--> statement-breakpoint
alter function app.clocks_under(bigint) owner to rapport_search;--> statement-breakpoint
revoke all on function app.clocks_under(bigint) from public;--> statement-breakpoint
grant execute on function app.clocks_under(bigint) to rapport_search, rapport_scoped, rapport_all;
