import {
  HOLDING_KIND_LABELS,
  HOLDING_KINDS,
  HOLDING_MODE_LABELS,
  HOLDING_MODES,
  HOLDING_STATUS_LABELS,
  HOLDING_STATUSES
} from './model.ts';

export const HOLDING_KIND_OPTIONS = HOLDING_KINDS.map((value) => ({
  value,
  label: HOLDING_KIND_LABELS[value]
}));
export const HOLDING_MODE_OPTIONS = HOLDING_MODES.map((value) => ({
  value,
  label: HOLDING_MODE_LABELS[value]
}));
export const HOLDING_STATUS_OPTIONS = HOLDING_STATUSES.map((value) => ({
  value,
  label: HOLDING_STATUS_LABELS[value]
}));
