import type { StepAction, Tell } from '#lib/clocks/model.ts';
import type { Priority } from '#lib/desk/model.ts';
import { superuser } from './test-firm.ts';

interface Rung {
  key: string;
  tell: Tell;
  does?: StepAction[];
  /** Hours after the due time. */
  after?: number;
}

let places = -1;

/** A policy for queries of a priority: so many hours, and what its ladder does. Returns its id. */
export async function promise(priority: Priority, hours: number, rungs: Rung[]): Promise<number> {
  const [version] = await superuser<{ id: number; policyId: number }[]>`
    with policy as (
      insert into policies (key, name, position, subject_kind, priority)
      values (${`${priority} ${places}`}, ${`${priority} ${places}`}, ${places--}, 'query', ${priority}) returning id)
    insert into policy_versions (policy_id, version, calendar_id)
    select policy.id, 1, (select min(id) from calendars) from policy returning id::int as id, policy_id::int as "policyId"`;
  if (!version) throw new Error('No policy');
  await superuser`insert into policy_targets (policy_version_id, target, amount, unit)
    values (${version.id}, 'resolution', ${hours * 60}, 'working_minutes')`;
  for (const [position, { key, tell, does = ['notify'], after = 0 }] of rungs.entries()) {
    await superuser`
      insert into policy_steps (policy_version_id, target, key, position, kind, after_breach_minutes, tell, does)
      values (${version.id}, 'resolution', ${key}, ${position}, ${after ? 'escalation' : 'breach'}, ${after * 60},
        ${tell}, ${does})`;
  }
  return version.policyId;
}

/** Tells the head when it breaks, and the administrators four hours later. */
export const LADDER: Rung[] = [
  { key: 'breach', tell: 'head' },
  { key: 'administrators', tell: 'administrators', after: 4 }
];

/** As if so many hours had gone by for every clock. */
export async function letPass(hours: number): Promise<void> {
  const by = `${hours} hours`;
  await superuser`update clocks set started_at = started_at - ${by}::interval, due_at = due_at - ${by}::interval,
    next_action_at = next_action_at - ${by}::interval, breached_at = breached_at - ${by}::interval`;
  await superuser`update clock_segments set from_at = from_at - ${by}::interval`;
  await superuser`update clock_steps set action_at = action_at - ${by}::interval`;
  await superuser`update escalations set action_at = action_at - ${by}::interval,
    carried_out_at = carried_out_at - ${by}::interval, told_at = told_at - ${by}::interval`;
}
