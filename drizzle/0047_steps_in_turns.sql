ALTER TABLE "escalations" DROP CONSTRAINT "escalations_once";--> statement-breakpoint
ALTER TABLE "clock_steps" ADD COLUMN "turn" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "turn" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "policy_version_id" bigint;--> statement-breakpoint
-- Under which a step was carried out before now was not kept: the clock's own is the nearest there is.
update escalations e set policy_version_id = k.policy_version_id from clocks k where k.id = e.clock_id;--> statement-breakpoint
ALTER TABLE "escalations" ALTER COLUMN "policy_version_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_policy_version_id_policy_versions_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_once" UNIQUE("clock_id","step_key","turn");--> statement-breakpoint
-- Steps whose time has moved ahead since they were carried out are to come again.
with again as (
  update clock_steps s set turn = 2 from clocks k
  where k.id = s.clock_id and k.state in ('running', 'paused') and s.action_at > now() and exists (
    select 1 from escalations e where e.clock_id = s.clock_id and e.step_key = s.step_key)
  returning s.clock_id, s.action_at)
update clocks k set next_action_at = least(k.next_action_at, a.at)
from (select clock_id, min(action_at) as at from again group by clock_id) a where a.clock_id = k.id;--> statement-breakpoint
-- As before, with the policy under which each step was carried out.
create or replace function app.seen_steps(of_kind text, since timestamptz, until timestamptz)
returns table (escalation_id bigint, kind text, carried_out_at timestamptz, subject_id bigint, target text,
  policy_version_id bigint) rows 20000
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := app.sees_all();
begin
  return query
    select e.id, e.kind, e.carried_out_at, k.subject_id, k.target, e.policy_version_id
    from escalations e join clocks k on k.id = e.clock_id
    where e.carried_out_at >= since and e.carried_out_at < until and k.subject_kind = of_kind
      and (everything or k.subject_id in (select s.subject_id from app.seen_subjects(of_kind) s));
end $$;
