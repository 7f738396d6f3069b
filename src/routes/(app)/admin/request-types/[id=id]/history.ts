type Values = Record<string, unknown> | null;

const LABELS: Record<string, string> = {
  name: 'Name',
  active: 'In use',
  checklist: 'Checklist',
  fields: 'Fields',
  position: 'Place in the lists'
};

const listed = (value: unknown) =>
  Array.isArray(value)
    ? value
        .map((each: unknown) => (typeof each === 'string' ? each : (each as { label: string }).label))
        .join(', ')
    : value;

const inWords = (values: Values, promiseWord: string): Values =>
  values &&
  Object.fromEntries(
    Object.entries(values).flatMap(([column, value]) => {
      const label = column === 'default_tat_days' ? `${promiseWord} in working days` : LABELS[column];
      return label ? [[label, listed(value)]] : [];
    })
  );

const isEmpty = (values: Values) => Object.keys(values ?? {}).length === 0;

/** The changes of a type with its columns and lists in people's words; those that say nothing are left out. */
export const typeHistory = <Entry extends { action: string; oldValues: Values; newValues: Values }>(
  entries: readonly Entry[],
  promiseWord: string
): Entry[] =>
  entries
    .map((entry) => ({
      ...entry,
      oldValues: inWords(entry.oldValues, promiseWord),
      newValues: inWords(entry.newValues, promiseWord)
    }))
    .filter(({ action, newValues }) => action !== 'update' || !isEmpty(newValues));
