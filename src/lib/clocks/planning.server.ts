import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { planClock, type ClockTerms, type Segment } from './plan.ts';
import type { PolicyStep } from './policies.server.ts';

export interface PlannedStep extends PolicyStep {
  actionAt: Date | null;
}

/** The moments that are stored with a clock. */
export interface StoredPlan {
  paused: boolean;
  dueAt: Date | null;
  warnAt: Date | null;
  nextActionAt: Date | null;
  steps: PlannedStep[];
}

interface Plannable {
  terms: ClockTerms;
  segments: Segment[];
  steps: PolicyStep[];
  carried: string[];
}

/** Works out what the rows of a clock must say now. */
export function storedPlan({ terms, segments, steps, carried }: Plannable, now: Date): StoredPlan {
  const plan = planClock(terms, segments, steps, now);
  const planned = steps.map((step) => ({ ...step, actionAt: plan.steps.get(step.key) ?? null }));
  const ahead = planned.filter((step) => !carried.includes(step.key)).map((step) => step.actionAt);
  return {
    paused: segments.at(-1)?.kind === 'client',
    dueAt: plan.dueAt,
    warnAt: planned.find((step) => step.kind === 'warning')?.actionAt ?? null,
    nextActionAt: earliest(ahead),
    steps: planned
  };
}

/** Writes the plan's steps, replacing those that are there; a step that the ladder no longer has goes. */
export async function writeSteps(tx: Tx, clockId: number, steps: PlannedStep[]): Promise<void> {
  const rows = JSON.stringify(
    steps.map(({ key, position, kind, tell, tellUserId, actionAt }) => ({
      step_key: key,
      position,
      kind,
      tell,
      tell_user_id: tellUserId,
      action_at: actionAt
    }))
  );
  await tx.execute(sql`
    with wanted as (
      select * from jsonb_to_recordset(${rows}::text::jsonb) as w(
        step_key text, position int, kind text, tell text, tell_user_id bigint, action_at timestamptz)),
    gone as (
      delete from clock_steps where clock_id = ${clockId} and step_key not in (select step_key from wanted))
    insert into clock_steps (clock_id, step_key, position, kind, tell, tell_user_id, action_at)
    select ${clockId}::bigint, step_key, position, kind, tell, tell_user_id, action_at from wanted
    on conflict (clock_id, step_key) do update set position = excluded.position, kind = excluded.kind,
      tell = excluded.tell, tell_user_id = excluded.tell_user_id, action_at = excluded.action_at`);
}

export function earliest(moments: (Date | null)[]): Date | null {
  const times = moments.filter((moment) => moment !== null).map((moment) => moment.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}
