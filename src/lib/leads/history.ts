import type { Formats } from '#lib/ui/format.ts';
import { LEAD_MODE_LABELS, LEAD_STATUS_LABELS } from './model.ts';

type Values = Record<string, unknown> | null;

/** Columns as people know them; what the database keeps for itself is not listed. */
const LABELS: Record<string, string> = {
  name: 'Name',
  organisation: 'Organisation',
  phone: 'Phone',
  email: 'E-mail',
  status: 'Status',
  conversion_rm_id: 'RM',
  obtained_by_id: 'Obtained by',
  team_id: 'Team',
  given_by: 'Given by',
  mode: 'Mode',
  product_id: 'Product',
  expected_value: 'Expected value',
  currency: 'Currency',
  next_follow_up_on: 'Next follow-up',
  denial_reason: 'Reason',
  denial_note: 'Note',
  notes: 'Notes'
};

function labelOf(column: string, clientWord: string): string | undefined {
  if (column === 'given_by_client_id') return `Given by ${clientWord}`;
  if (column === 'client_id') return clientWord.charAt(0).toUpperCase() + clientWord.slice(1);
  return LABELS[column];
}

interface Context {
  /** By column and id: `conversion_rm_id:7`. */
  names: Record<string, string>;
  /** Denial reasons by key. */
  reasons: Record<string, string>;
  formats: Formats;
  /** What the firm calls those it serves: `client`. */
  clientWord: string;
}

/** One change with the columns and values in people's words, and a title that says what happened. */
export function inWords<
  Entry extends {
    action: string;
    oldValues: Values;
    newValues: Values;
    actor?: object | null;
    /** Of what is in words already. */
    title?: string;
  }
>(entry: Entry, context: Context): Entry & { title?: string } {
  if (entry.title !== undefined) return entry;
  const title = entry.action === 'update' ? titleOf(entry, context) : undefined;
  return {
    ...entry,
    ...(title ? { title } : {}),
    oldValues: valuesInWords(entry.oldValues, context),
    newValues: valuesInWords(entry.newValues, context)
  };
}

/** False where only what the database keeps for itself changed. */
export const saysAnything = (...values: Values[]) =>
  values.some((some) => Object.values(some ?? {}).some((value) => value !== null));

function titleOf(
  { oldValues, newValues, actor }: { oldValues: Values; newValues: Values; actor?: object | null },
  { names }: Context
): string | undefined {
  if (newValues?.status === 'converted') return 'converted it';
  if (newValues?.status === 'denied') return 'denied it';
  if (oldValues?.status === 'denied') return 'reopened it';
  const rm = names[`conversion_rm_id:${idOf(newValues?.conversion_rm_id)}`];
  // The system passes leads on where a step of a policy says so, and only there.
  const why = actor === null ? ', as the policy says' : '';
  return rm ? `assigned it to ${rm}${why}` : undefined;
}

const idOf = (value: unknown) => (typeof value === 'number' ? value : 0);

function valuesInWords(values: Values, context: Context): Values {
  if (!values) return null;
  return Object.fromEntries(
    Object.entries(values).flatMap(([column, value]) => {
      const label = labelOf(column, context.clientWord);
      return label ? [[label, shown(column, value, context)] as const] : [];
    })
  );
}

function shown(column: string, value: unknown, { names, reasons, formats }: Context): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  if (column.endsWith('_id')) return names[`${column}:${value}`] ?? null;
  const labels: Record<string, Record<string, string>> = {
    status: LEAD_STATUS_LABELS,
    mode: LEAD_MODE_LABELS,
    denial_reason: reasons
  };
  if (column === 'next_follow_up_on') return formats.date(value);
  if (column === 'expected_value') return formats.number(Number(value));
  return labels[column]?.[value] ?? String(value);
}
