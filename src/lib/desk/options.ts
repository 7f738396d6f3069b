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
export const DUE_OPTIONS = choices(['overdue', 'today', 'week'] as const, DUE_LABELS);
