import type { FollowUpDue, LeadPromise } from './model.ts';
import { LEAD_MODES, LEAD_MODE_LABELS, LEAD_STATUSES, LEAD_STATUS_LABELS } from './model.ts';

export const LEAD_STATUS_OPTIONS = LEAD_STATUSES.map((value) => ({
  value,
  label: LEAD_STATUS_LABELS[value]
}));
export const LEAD_MODE_OPTIONS = LEAD_MODES.map((value) => ({ value, label: LEAD_MODE_LABELS[value] }));

export const LEAD_PROMISE_OPTIONS: { value: LeadPromise; label: string }[] = [
  { value: 'overdue', label: 'Call overdue' },
  { value: 'today', label: 'Call due today' }
];

export const FOLLOW_UP_OPTIONS: { value: FollowUpDue; label: string }[] = [
  { value: 'overdue', label: 'Overdue' },
  { value: 'today', label: 'Today' },
  { value: 'week', label: 'Next 7 days' },
  { value: 'none', label: 'None set' }
];
