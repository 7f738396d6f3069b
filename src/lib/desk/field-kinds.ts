export const FIELD_KINDS = ['text', 'date', 'amount', 'yes_no'] as const;

export type FieldKind = (typeof FIELD_KINDS)[number];

export const FIELD_KIND_LABELS: Record<FieldKind, string> = {
  text: 'Text',
  date: 'Date',
  amount: 'Amount',
  yes_no: 'Yes or no'
};
