import type { StepAction, StepKind, Tell } from './model.ts';
import type { StepTiming } from './step-times.ts';

/** A step of the ladder with whom it tells and what it does. */
export interface LadderStep extends StepTiming {
  position: number;
  kind: StepKind;
  tell: Tell;
  tellUserId: number | null;
  does: StepAction[];
}

/** A step that was carried out on a clock, as it was then. */
export interface CarriedStep {
  key: string;
  /** 1 for the first time. */
  turn: number;
  policyId: number;
  kind: StepKind;
  /** Null where that was not kept. */
  tell: Tell | null;
  tellUserId: number | null;
  does: StepAction[];
  at: Date;
}

/** What was carried out on a clock, and what its rows say is to come. */
export interface LadderPast {
  /** Of the ladder it has now. */
  policyId: number;
  carried: CarriedStep[];
  /** The turn of each planned step, by its key. */
  turns: Partial<Record<string, number>>;
}

/** A step with whether it was carried out already, and what is left for it to do. */
export interface StepInTurn extends LadderStep {
  turn: number;
  isDone: boolean;
}

/** What changes the record, and through it perhaps the policy. */
const CHANGES: readonly StepAction[] = ['reassign', 'raise_priority'];

/**
 * Which turn each step of a ladder has. What was carried out counts for a step of the same policy by its key, and for
 * one of another policy where it told the same people and did as much. It is done with that unless its moment lies
 * after it: ahead of now, or passed while the step was waiting for it. Pure.
 */
export function stepsInTurn(
  steps: LadderStep[],
  past: LadderPast,
  momentOf: (key: string) => Date | null,
  now: Date
): StepInTurn[] {
  const bounded = steps.map((step) => ({ ...step, does: deedsLeft(step, past, momentOf(step.key)) }));
  const counting = whatCounts(bounded, past);
  return bounded.map((step) => {
    const moment = momentOf(step.key);
    const next = 1 + Math.max(0, ...ofKey(past.carried, step.key).map(({ turn }) => turn));
    const isAwaited = (past.turns[step.key] ?? 0) >= next;
    const last = latestOf(counting.get(step.key) ?? []);
    if (!last || !moment || moment > (isAwaited ? last.at : now))
      return { ...step, turn: next, isDone: false };
    return { ...step, turn: last.key === step.key ? last.turn : 0, isDone: true };
  });
}

/**
 * A step that was late already when another policy's step changed the record changes it no more: else every policy
 * that the change brings would change it again at once.
 */
function deedsLeft({ does }: LadderStep, past: LadderPast, moment: Date | null): StepAction[] {
  const wasDone = (deed: StepAction) =>
    past.carried.some(
      (each) =>
        each.policyId !== past.policyId && each.does.includes(deed) && moment !== null && each.at >= moment
    );
  return does.filter((deed) => !CHANGES.includes(deed) || !wasDone(deed));
}

/** By the key of the step. What one step of a policy did counts for one step of the ladder at most. */
function whatCounts(steps: LadderStep[], { policyId, carried }: LadderPast): Map<string, CarriedStep[]> {
  const counting = new Map<string, CarriedStep[]>();
  const met = new Set<string>();
  const isOnLadder = ({ key }: CarriedStep) => steps.some((step) => step.key === key);
  // Whatever has the key of a step is matched with it before others may be.
  const ordered = [...carried.filter(isOnLadder), ...carried.filter((each) => !isOnLadder(each))];
  for (const rows of Map.groupBy(ordered, (each) => `${each.policyId} ${each.key}`).values()) {
    const last = latestOf(rows);
    if (!last) continue;
    const idOf = ({ key }: LadderStep) => `${last.policyId} ${key}`;
    const alike = steps.filter((step) => !met.has(idOf(step)) && isAlike(step, last));
    const same = (last.policyId === policyId ? steps : alike).find(({ key }) => key === last.key);
    const step = last.policyId === policyId ? same : (same ?? alike[0]);
    if (!step) continue;
    met.add(idOf(step));
    counting.set(step.key, [...(counting.get(step.key) ?? []), ...rows]);
  }
  return counting;
}

const isAlike = (step: LadderStep, did: CarriedStep) =>
  step.kind === did.kind &&
  step.tell === did.tell &&
  step.tellUserId === did.tellUserId &&
  step.does.every((deed) => did.does.includes(deed));

const ofKey = (carried: CarriedStep[], key: string) => carried.filter((each) => each.key === key);

const latestOf = (carried: CarriedStep[]) =>
  carried.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.turn - b.turn).at(-1);
