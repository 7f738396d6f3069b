import { sql } from 'drizzle-orm';
import type { StoredPlan } from './stored-plan.ts';

export const json = JSON.stringify;

/** The columns of `clocks` that a plan fills. */
export const columnsOf = ({ state, dueAt, warnAt, nextActionAt, ran }: StoredPlan) => ({
  state,
  due_at: dueAt,
  warn_at: warnAt,
  next_action_at: nextActionAt,
  ran
});

/** The steps of many clocks as rows `w` of `clock_steps`. */
export const stepRows = (clocks: { id: number; plan: StoredPlan }[]) => sql`jsonb_to_recordset(
    ${json(clocks.flatMap(({ id, plan }) => stepsOf(id, plan)))}::text::jsonb) as w(
  clock_id bigint, step_key text, position int, kind text, tell text, tell_user_id bigint, does text[], turn int,
  action_at timestamptz)`;

const stepsOf = (id: number, { steps }: StoredPlan) =>
  steps.map(({ key, position, kind, tell, tellUserId, does, turn, actionAt }) => ({
    clock_id: id,
    step_key: key,
    position,
    kind,
    tell,
    tell_user_id: tellUserId,
    does,
    turn,
    action_at: actionAt
  }));
