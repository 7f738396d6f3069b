import { PRODUCT_KIND_LABELS, SCHEME_TYPE_LABELS } from './kinds.ts';

type Values = Record<string, unknown> | null;

/** Columns as people know them. */
const LABELS: Record<string, string> = {
  name: 'Name',
  kind: 'Kind',
  sku: 'SKU',
  category: 'Category',
  description: 'Description',
  price: 'Price',
  currency: 'Currency',
  scheme_code: 'Scheme code',
  isin: 'ISIN',
  isin_reinvestment: 'ISIN, reinvestment',
  fund_house: 'Fund house',
  scheme_type: 'Type',
  scheme_category: 'Scheme category',
  nav: 'Net asset value',
  nav_on: 'As of',
  active: 'Active'
};

/** A product's changes with the columns and values in people's words. */
export function productHistory<Entry extends { oldValues: Values; newValues: Values }>(
  entries: readonly Entry[]
): (Entry & { title?: string })[] {
  return entries.map((entry) => {
    const active = entry.newValues?.active;
    const switched = entry.oldValues !== null && typeof active === 'boolean';
    return {
      ...entry,
      ...(switched ? { title: active ? 'activated it' : 'deactivated it' } : {}),
      oldValues: inWords(entry.oldValues),
      newValues: inWords(entry.newValues)
    };
  });
}

function inWords(values: Values): Values {
  if (!values) return null;
  return Object.fromEntries(
    Object.entries(values).flatMap(([column, value]) => {
      const label = LABELS[column];
      return label ? [[label, shown(column, value)] as const] : [];
    })
  );
}

function shown(column: string, value: unknown): unknown {
  const words: Record<string, Record<string, string>> = {
    kind: PRODUCT_KIND_LABELS,
    scheme_type: SCHEME_TYPE_LABELS
  };
  return typeof value === 'string' || typeof value === 'number'
    ? (words[column]?.[value] ?? String(value))
    : value;
}
