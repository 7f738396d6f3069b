import { STEP_LABELS, TARGET_LABELS, type TargetName } from '#lib/clocks/model.ts';
import { LEAD_STATUS_LABELS } from '#lib/leads/model.ts';
import { AGE_LABELS, KIND_LABELS, LATENESS_LABELS, SOURCE_LABELS, type Narrowing } from './model.ts';

const OUTCOMES = {
  kept: 'kept in time',
  late: 'late',
  due: 'due',
  in_time: 'held in time',
  overdue: 'overdue',
  coming: 'still to come'
};
const COVERAGES = {
  any: 'all active',
  reviewed: 'reviewed in the period',
  planned: 'next one planned',
  overdue: 'overdue',
  unplanned: 'none planned',
  never: 'never reviewed'
};
const FLOWS = {
  created: 'entered',
  moved: 'moved to another status',
  converted: 'converted',
  denied: 'denied'
};

/** What a list is narrowed to beside dates, people and teams, in words. */
export function narrowedTo(narrowing: Narrowing, { Client }: { Client: string }): string[] {
  const { kind, target, outcome, split, age, late, coverage, status, flow, step, source } = narrowing;
  return [
    kind && (kind === 'client' ? Client : KIND_LABELS[kind]),
    target && TARGET_LABELS[target],
    outcome && OUTCOMES[outcome],
    split !== undefined && (split ? 'shares of time known' : 'shares of time not known'),
    age && AGE_LABELS[age],
    late && (late === 'any' ? 'overdue' : LATENESS_LABELS[late]),
    coverage && COVERAGES[coverage],
    status && (status === 'open' ? 'open' : LEAD_STATUS_LABELS[status]),
    flow && FLOWS[flow],
    step && STEP_LABELS[step],
    source && SOURCE_LABELS[source],
    giverWords(narrowing.giver)
  ].filter((words) => typeof words === 'string' && words !== '') as string[];
}

function giverWords(giver: string | undefined): string | undefined {
  if (giver?.startsWith('t')) return `given by ${giver.slice(1)}`;
  if (giver === 'none') return 'given by nobody named';
  return giver && 'of one giver';
}

const STATES: Record<string, string> = {
  ...LEAD_STATUS_LABELS,
  ...STEP_LABELS,
  open: 'Open',
  in_progress: 'In progress',
  pending: 'Pending',
  kept: 'In time',
  late: 'Late',
  in_time: 'In time',
  overdue: 'Overdue',
  coming: 'To come',
  planned: 'Planned',
  unplanned: 'None planned'
};

/** The state of a row, whatever it is of. */
export const stateWords = (state: string): string => STATES[state] ?? state;

/** A target or a mode of communication. */
export const typeWords = (type: string): string =>
  TARGET_LABELS[type as TargetName] ?? SOURCE_LABELS[type as keyof typeof SOURCE_LABELS] ?? type;
