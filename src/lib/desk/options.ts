import { readDue, type DueSince } from './due.ts';
import type { Due } from './inputs.ts';
import {
  PARTY_LABELS,
  PRIORITIES,
  PRIORITY_LABELS,
  QUERY_STATUSES,
  QUERY_STATUS_LABELS,
  REQUEST_STATUSES,
  REQUEST_STATUS_LABELS,
  WAITING_ON,
  WAITING_PARTIES,
  waitingLabels
} from './model.ts';
import { FIELD_KIND_LABELS, FIELD_KINDS } from './field-kinds.ts';

function choices<T extends string>(values: readonly T[], labels: Record<T, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}

export const QUERY_STATUS_OPTIONS = choices(QUERY_STATUSES, QUERY_STATUS_LABELS);
export const REQUEST_STATUS_OPTIONS = choices(REQUEST_STATUSES, REQUEST_STATUS_LABELS);
export const PRIORITY_OPTIONS = choices(PRIORITIES, PRIORITY_LABELS);
export const waitingOptions = (client: string) => choices(WAITING_ON, waitingLabels(client));
export const PARTY_OPTIONS = choices(WAITING_PARTIES, PARTY_LABELS);
export const FIELD_KIND_OPTIONS = choices(FIELD_KINDS, FIELD_KIND_LABELS);
export const YES_NO_OPTIONS = choices(['yes', 'no'] as const, { yes: 'Yes', no: 'No' });

const DUE_LABELS: Record<Due, string> = { overdue: 'Overdue', today: 'Due today', week: 'Due this week' };
const SINCE_LABELS: Record<DueSince, string> = {
  'overdue-since': 'Overdue since',
  'overdue-before': 'Overdue since before',
  'escalated-since': 'Escalated since'
};

/** The choices, with one a digest's link has made; `written` writes a moment in the reader's zone. */
export function dueOptions(chosen: string | undefined, written: (at: Date) => string) {
  const since = readDue(chosen);
  if (!since || chosen === undefined) return DUE_OPTIONS;
  return [...DUE_OPTIONS, { value: chosen, label: `${SINCE_LABELS[since.what]} ${written(since.at)}` }];
}

/** Work of one's people or teams and of their clients. */
export const peopleLabel = (leads: boolean, { clients }: { clients: string }) =>
  leads ? `My people’s and their ${clients}’` : `Mine and my ${clients}’`;

export const DUE_OPTIONS = choices(['overdue', 'today', 'week'] as const, DUE_LABELS);
