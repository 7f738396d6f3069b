import {
  PRIORITIES,
  PRIORITY_LABELS,
  QUERY_STATUSES,
  QUERY_STATUS_LABELS,
  REQUEST_STATUSES,
  REQUEST_STATUS_LABELS,
  WAITING_LABELS,
  WAITING_ON
} from './model.ts';

function choices<T extends string>(values: readonly T[], labels: Record<T, string>) {
  return values.map((value) => ({ value, label: labels[value] }));
}

export const QUERY_STATUS_OPTIONS = choices(QUERY_STATUSES, QUERY_STATUS_LABELS);
export const REQUEST_STATUS_OPTIONS = choices(REQUEST_STATUSES, REQUEST_STATUS_LABELS);
export const PRIORITY_OPTIONS = choices(PRIORITIES, PRIORITY_LABELS);
export const WAITING_OPTIONS = choices(WAITING_ON, WAITING_LABELS);
