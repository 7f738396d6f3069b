import { PRODUCT_KIND_LABELS, PRODUCT_KINDS, SCHEME_TYPE_LABELS, SCHEME_TYPES } from './kinds.ts';

export const PRODUCT_KIND_OPTIONS = PRODUCT_KINDS.map((value) => ({
  value,
  label: PRODUCT_KIND_LABELS[value]
}));

export const SCHEME_TYPE_OPTIONS = SCHEME_TYPES.map((value) => ({ value, label: SCHEME_TYPE_LABELS[value] }));
