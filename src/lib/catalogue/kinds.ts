export const PRODUCT_KINDS = ['scheme', 'policy', 'deposit', 'device', 'part', 'repair', 'other'] as const;

export const SCHEME_TYPES = ['open', 'close', 'interval'] as const;

export type ProductKind = (typeof PRODUCT_KINDS)[number];

export type SchemeType = (typeof SCHEME_TYPES)[number];

export const PRODUCT_KIND_LABELS: Record<ProductKind, string> = {
  scheme: 'Fund scheme',
  policy: 'Insurance policy',
  deposit: 'Deposit or bond',
  device: 'Device',
  part: 'Part',
  repair: 'Repair',
  other: 'Other'
};

export const SCHEME_TYPE_LABELS: Record<SchemeType, string> = {
  open: 'Open-ended',
  close: 'Close-ended',
  interval: 'Interval'
};
