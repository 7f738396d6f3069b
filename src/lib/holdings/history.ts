import type { Formats } from '#lib/ui/format.ts';
import { HOLDING_KIND_LABELS, HOLDING_MODE_LABELS, HOLDING_STATUS_LABELS } from './model.ts';

type Values = Record<string, unknown> | null;

/** Columns as people know them; what the database keeps for itself is not listed. */
const LABELS: Record<string, string> = {
  product_name: 'Product',
  kind: 'Kind',
  folio: 'Folio',
  mode: 'Mode',
  amount: 'Amount',
  currency: 'Currency',
  units: 'Units',
  started_on: 'Since',
  instalment: 'Instalment',
  instalment_day: 'Day of the month',
  status: 'Status',
  ended_on: 'Ended on'
};
const WORDS: Record<string, Record<string, string>> = {
  kind: HOLDING_KIND_LABELS,
  mode: HOLDING_MODE_LABELS,
  status: HOLDING_STATUS_LABELS
};
const TITLES: Record<string, string> = {
  redeemed: 'redeemed it',
  closed: 'closed it',
  active: 'reopened it'
};

/** A holding's changes with the columns and values in people's words. */
export function holdingHistory<Entry extends { oldValues: Values; newValues: Values }>(
  entries: readonly Entry[],
  formats: Formats
): (Entry & { title?: string })[] {
  return entries.map((entry) => {
    const status = entry.oldValues && entry.newValues?.status;
    const title = typeof status === 'string' ? TITLES[status] : undefined;
    return {
      ...entry,
      ...(title ? { title } : {}),
      oldValues: inWords(entry.oldValues, formats),
      newValues: inWords(entry.newValues, formats)
    };
  });
}

function inWords(values: Values, formats: Formats): Values {
  if (!values) return null;
  return Object.fromEntries(
    Object.entries(values).flatMap(([column, value]) => {
      const label = LABELS[column];
      return label ? [[label, shown(column, value, formats)] as const] : [];
    })
  );
}

function shown(column: string, value: unknown, formats: Formats): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  if (column.endsWith('_on')) return formats.date(value);
  if (column === 'amount' || column === 'instalment') return formats.number(Number(value));
  return WORDS[column]?.[value] ?? String(value);
}
