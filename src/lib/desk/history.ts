import {
  PARTY_LABELS,
  PRIORITY_LABELS,
  QUERY_STATUS_LABELS,
  REQUEST_STATUS_LABELS,
  waitingLabels
} from './model.ts';

type Values = Record<string, unknown> | null;

interface Entry {
  action: string;
  oldValues: Values;
  newValues: Values;
  /** Null for what the system did. */
  actor?: object | null;
  /** Of what is in words already. */
  title?: string;
}

/** Names by column and id: `rm_id:7`. */
type Names = Readonly<Record<string, string>>;

/** Columns as people know them; what the database keeps for itself is not listed. */
const LABELS: Record<string, string> = {
  subject: 'Subject',
  details: 'Details',
  priority: 'Priority',
  status: 'Status',
  rm_id: 'RM',
  assignee_id: 'With',
  team_id: 'Team',
  waiting_on: 'Waiting',
  waiting_party: 'Third party',
  waiting_why: 'Why',
  resolution: 'Resolution',
  outcome: 'Outcome',
  rejection_reason: 'Reason'
};

const wordsFor = (client: string): Record<string, Record<string, string>> => ({
  priority: PRIORITY_LABELS,
  status: { ...QUERY_STATUS_LABELS, ...REQUEST_STATUS_LABELS },
  waiting_on: waitingLabels(client),
  waiting_party: PARTY_LABELS
});

const FINISHED: Record<string, string> = {
  resolved: 'resolved it',
  closed: 'closed it',
  completed: 'completed it',
  rejected: 'rejected it'
};

/** One change with the columns and values in people's words, and a title that says what happened. */
export function inWords<E extends Entry>(entry: E, names: Names, client = 'client'): E & { title?: string } {
  if (entry.title !== undefined) return entry;
  const { oldValues } = entry;
  const newValues = withEmptied(entry);
  const words = wordsFor(client);
  const title = titleOf({ ...entry, newValues }, names);
  return {
    ...entry,
    ...(title ? { title } : {}),
    oldValues: valuesInWords(oldValues, newValues, { names, words }),
    newValues: valuesInWords(newValues, oldValues, { names, words })
  };
}

/** The audit trail leaves out of a change's new values what is empty now. */
const withEmptied = ({ oldValues, newValues }: Entry): Values =>
  newValues && {
    ...Object.fromEntries(Object.keys(oldValues ?? {}).map((column) => [column, null])),
    ...newValues
  };

function titleOf({ action, oldValues, newValues, actor }: Entry, names: Names): string | undefined {
  if (action === 'insert') return 'opened it';
  if (action !== 'update' || !newValues) return undefined;
  return (
    statusTitle(oldValues?.status, newValues.status) ??
    byPolicy(handTitle(newValues, names) ?? raiseTitle(newValues, actor), actor) ??
    waitTitle(newValues) ??
    ('checklist' in newValues ? 'worked on the checklist' : undefined)
  );
}

function statusTitle(from: unknown, to: unknown): string | undefined {
  if (typeof to !== 'string') return undefined;
  if (to !== 'in_progress') return FINISHED[to];
  return from === 'open' || from === 'pending' ? 'started it' : 'reopened it';
}

function handTitle(values: Record<string, unknown>, names: Names): string | undefined {
  for (const column of ['rm_id', 'assignee_id']) {
    if (!(column in values)) continue;
    const name = nameOf(column, values[column], names);
    return name ? `assigned it to ${name}` : 'put it back into the queue';
  }
  return undefined;
}

/** The system changes priorities and passes work on where a step of a policy says so, and only there. */
const byPolicy = (title: string | undefined, actor: Entry['actor']) =>
  title && actor === null ? `${title}, as the policy says` : title;

const raiseTitle = (values: Record<string, unknown>, actor: Entry['actor']) =>
  actor === null && 'priority' in values ? 'raised the priority' : undefined;

function waitTitle(values: Record<string, unknown>): string | undefined {
  if (!('waiting_on' in values)) return undefined;
  return values.waiting_on ? 'let it wait' : 'resumed it';
}

const nameOf = (column: string, value: unknown, names: Names) =>
  typeof value === 'number' ? (names[`${column}:${value}`] ?? null) : null;

interface Context {
  names: Names;
  /** Of values, by column. */
  words: ReturnType<typeof wordsFor>;
}

function valuesInWords(values: Values, other: Values, context: Context): Values {
  if (!values) return null;
  const own = Object.entries(values).flatMap(([column, value]) => {
    const label = LABELS[column];
    return label ? [[label, shown(column, value, context)] as const] : [];
  });
  return Object.fromEntries([...own, ...steps(values, other), ...fields(values, other)]);
}

function shown(column: string, value: unknown, { names, words }: Context): string | null {
  if (column.endsWith('_id')) return nameOf(column, value, names);
  return typeof value === 'string' ? (words[column]?.[value] ?? value) : null;
}

type Listed = Record<string, unknown>;
const listIn = (values: Values, column: string): Listed[] =>
  Array.isArray(values?.[column]) ? (values[column] as Listed[]) : [];

/** The steps of the checklist that differ from the other side of the change. */
function steps(values: Values, other: Values): [string, string][] {
  const before = listIn(other, 'checklist');
  return listIn(values, 'checklist').flatMap((step, n) =>
    before[n] && step.done !== before[n].done
      ? [[`${step.label as string}`, step.done ? 'done' : 'to do']]
      : []
  );
}

/** The type's own fields that differ from the other side of the change. */
function fields(values: Values, other: Values): [string, string | null][] {
  const before = listIn(other, 'fields');
  return listIn(values, 'fields').flatMap((field) => {
    const was = before.find(({ key }) => key === field.key);
    const changed = was !== undefined && was.value !== field.value;
    return changed ? [[`${field.label as string}`, field.value as string | null]] : [];
  });
}
