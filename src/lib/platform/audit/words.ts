/** Columns of the audit trail as people read them; ids of other records say nothing and are left out. */
const QUIET = /(^|_)(id|ids|key|ref)$|^(number|client_name|client_number|search)$/;

export interface Change {
  label: string;
  from: string | null;
  to: string | null;
}

const label = (column: string) => {
  const words = column.replace(/_(on|at)$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

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
      label: label(column),
      from: shown(oldValues?.[column]),
      to: shown(newValues?.[column])
    }))
    .filter(({ from, to }) => from !== null || to !== null);
}
