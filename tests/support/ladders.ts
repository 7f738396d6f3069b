import type postgres from 'postgres';
import type { StepAction, StepKind, SubjectKind, TargetName, Tell } from '#lib/clocks/model.ts';

interface Rung {
  key?: string;
  kind?: StepKind;
  tell: Tell;
  tellUserId?: number;
  does?: StepAction[];
  /** Minutes since it was due; negative: it is still to come. */
  ago?: number;
}

interface Ladder {
  kind: SubjectKind;
  id: number;
  target?: TargetName;
  /** Hours since the promise was due; negative: it is still to come. */
  dueAgo?: number;
  onDate?: string | null;
  rungs: Rung[];
}

/** A clock with exactly these steps, due for the sweep, on a record that was taken in, under whatever policy comes first. Returns its id. */
export async function mintLadder(
  superuser: postgres.Sql,
  { kind, id, target = 'resolution', dueAgo = 1, onDate = null, rungs }: Ladder
): Promise<number> {
  const [clock] = await superuser<{ id: number }[]>`
    insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at, on_date,
      next_action_at)
    select ${kind}, ${id}, ${target}, v.id, v.calendar_id, now() - interval '9 days',
      now() - make_interval(hours => ${dueAgo}), ${onDate}::date, now() - interval '1 minute'
    from policy_versions v join policies p on p.id = v.policy_id
    where p.subject_kind = ${kind} order by p.position, v.version desc limit 1
    returning id::int as id`;
  if (!clock) throw new Error('There is no policy');
  for (const [position, rung] of rungs.entries()) {
    const { key = `step${position}`, kind: step = 'escalation', tell, ago = 60 - position } = rung;
    await superuser`
      insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, does, action_at)
      values (${clock.id}, ${key}, ${position}, ${step}, ${tell}, ${rung.tellUserId ?? null},
        ${rung.does ?? ['notify', 'mail']}, now() - make_interval(mins => ${ago}))`;
  }
  await asTakenIn(superuser, { kind, id });
  return clock.id;
}

/** The clocks of a record are as they should be, whatever was changed on it: the worker does not look at it. */
export async function asTakenIn(
  superuser: postgres.Sql,
  { kind, id }: Pick<Ladder, 'kind' | 'id'>
): Promise<void> {
  await superuser`delete from clock_refresh where subject_kind = ${kind} and subject_id = ${id}`;
}
