/** Columns of the audit trail as people read them; ids of other records say nothing and are left out. */
const QUIET = /(^|_)(id|ids|key|ref)$|^(number|client_name|client_number|search)$/;

export interface Change {
  label: string;
  from: string | null;
  to: string | null;
}

const ABBREVIATIONS: Record<string, string> = {
  rm: 'RM',
  pan: 'PAN',
  sip: 'SIP',
  tat: 'TAT',
  isin: 'ISIN',
  nav: 'NAV',
  sku: 'SKU'
};

/** Columns that have a sibling of the same name without their ending. */
const BESIDE_ANOTHER: Record<string, string> = { nav_on: 'nav_date', digest_at: 'digest_time' };

/** `primary_rm_id` → `Primary RM`. */
export function columnLabel(column: string): string {
  const words = (BESIDE_ANOTHER[column] ?? column)
    .replace(/_(id|ids|on|at)$/, '')
    .split('_')
    .map((word) => ABBREVIATIONS[word] ?? word)
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value.replaceAll('_', ' ');
  return typeof value === 'number' ? String(value) : null;
}

/** What an update changed, column by column, in words. */
export function changesOf(
  oldValues: Record<string, unknown> | null,
  newValues: Record<string, unknown> | null
): Change[] {
  return Object.keys({ ...oldValues, ...newValues })
    .filter((column) => !QUIET.test(column))
    .map((column) => ({
      label: columnLabel(column),
      from: shown(oldValues?.[column]),
      to: shown(newValues?.[column])
    }))
    .filter(({ from, to }) => from !== null || to !== null);
}
