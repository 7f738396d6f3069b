import { addressLine } from './address.ts';
import { HELD_LABELS, heldTitle } from './held.ts';
import {
  CONTACT_KIND_LABELS,
  KIND_LABELS,
  LIFECYCLE_LABELS,
  type ClientKind,
  type ContactKind,
  type Lifecycle
} from './model.ts';

/** One thing that changed, in words; days as `2026-11-21`, moments as `2026-11-21T09:30:00.000Z`. */
export interface ClientChange {
  label: string;
  from: string | null;
  to: string | null;
}

export interface Recorded {
  table: string;
  action: 'insert' | 'update' | 'delete' | 'reveal';
  oldValues: Record<string, unknown> | null;
  newValues: Record<string, unknown> | null;
}

/** Names the changes speak of. */
export interface Names {
  users: Map<number, string>;
  /** Labels of the firm's lists, by list and key: `client_type:huf`. */
  lists: Map<string, string>;
}

/** Columns of a client as people know them; what the database keeps for itself is not listed. */
const LABELS: Record<string, string> = {
  name: 'Name',
  kind: 'Kind',
  type: 'Type',
  organisation: 'Organisation',
  tier: 'Tier',
  lifecycle: 'State',
  pan_last4: 'PAN',
  pan_holder: 'Whose PAN',
  guardian_name: 'Guardian',
  pan_exempt_reason: 'Exempt because',
  account_id: 'Account id',
  primary_rm_id: 'RM',
  secondary_rm_id: 'Second point of contact',
  language: 'Language',
  review_every_months: 'Review every (months)',
  next_review_on: 'Next review',
  next_contact_on: 'Next contact',
  next_contact_channel: 'Next contact by way of',
  next_contact_by_id: 'Next contact by'
};

const PARTS: Record<string, string> = {
  client_contact_points: 'contact point',
  client_addresses: 'address',
  client_tags: 'tag',
  client_merges: 'merge'
};

/** What is promised to clients, by target. */
const PROMISES: Record<string, string> = { contact: 'contact', review: 'portfolio review' };

const DONE = { insert: 'added', update: 'changed', delete: 'removed', reveal: 'looked at' };

/** What somebody did, after the name: `changed it`. */
export function titleOf({ table, action, oldValues, newValues }: Recorded, names: Names): string {
  if (action === 'reveal') return 'looked at the whole PAN';
  if (table === 'client_merges')
    return `merged ${text(newValues?.old_number)} ${text(newValues?.old_name)} into it`;
  if (table === 'clock_holds') return titleOfHold(newValues);
  const part = PARTS[table];
  if (part) return `${DONE[action]} ${part === 'address' ? 'an' : 'a'} ${part}`;
  if (action === 'insert') return 'added the client';
  if (newValues?.lifecycle === 'archived') return 'archived it';
  if (newValues?.lifecycle === 'active') return 'brought it back';
  const rm = named(newValues?.primary_rm_id, names);
  if (rm) return `gave it to ${rm}`;
  return 'pan_last4' in { ...oldValues, ...newValues } ? 'changed the PAN' : 'changed it';
}

const titleOfHold = (hold: Recorded['newValues']) =>
  heldTitle({
    kind: hold?.kind === 'acknowledged' ? 'acknowledged' : 'snoozed',
    what: PROMISES[text(hold?.target)] ?? 'promise',
    over: hold?.over === true
  });

/** Why a promise may wait and until when; nothing of a hold that was ended. */
const holdChanges = (hold: Recorded['newValues']): ClientChange[] =>
  hold?.over === true
    ? []
    : [
        { label: HELD_LABELS.reason, from: null, to: text(hold?.reason) },
        { label: HELD_LABELS.until, from: null, to: new Date(text(hold?.until)).toISOString() }
      ];

/** What changed, column by column; empty where only what the database keeps for itself did. */
export function changesOf(entry: Recorded, names: Names): ClientChange[] {
  const { table, action, oldValues, newValues } = entry;
  if (table === 'clients') {
    if (action !== 'update') return [];
    return columnsOf(oldValues, newValues)
      .filter((column) => column in LABELS)
      .map((column) => ({
        label: LABELS[column] ?? column,
        from: shown(column, oldValues?.[column], names),
        to: shown(column, newValues?.[column], names)
      }))
      .filter(({ from, to }) => from !== to);
  }
  return table === 'clock_holds' ? holdChanges(newValues) : partChanges(entry);
}

function partChanges({ table, action, oldValues, newValues }: Recorded): ClientChange[] {
  const whole = action === 'delete' ? oldValues : newValues;
  // A tag that came with a client that was merged into this one.
  if (table === 'client_tags') return action === 'update' ? [] : [changed('Tag', action, text(whole?.tag))];
  if (action === 'update')
    return columnsOf(oldValues, newValues)
      .filter((column) => !/(_id|_key)$/.test(column))
      .map((column) => ({
        label: capital(column.replaceAll('_', ' ')),
        from: plain(oldValues?.[column]),
        to: plain(newValues?.[column])
      }));
  if (table === 'client_addresses') return [changed('Address', action, lineOf(whole))];
  if (table !== 'client_contact_points') return [];
  const kind = CONTACT_KIND_LABELS[text(whole?.kind) as ContactKind];
  return [changed(kind, action, text(whole?.value))];
}

const changed = (label: string, action: string, value: string): ClientChange =>
  action === 'delete' ? { label, from: value, to: null } : { label, from: null, to: value };

const columnsOf = (...values: (Record<string, unknown> | null)[]) => [
  ...new Set(values.flatMap((some) => Object.keys(some ?? {})))
];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function plain(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(value) : text(value) || null;
}

const named = (value: unknown, { users }: Names): string | null =>
  typeof value === 'number' ? (users.get(value) ?? null) : null;

function lineOf(values: Record<string, unknown> | null): string {
  const field = (column: string) => text(values?.[column]) || null;
  return addressLine({
    lines: field('lines'),
    city: field('city'),
    region: field('region'),
    postalCode: field('postal_code'),
    country: field('country')
  });
}

function shown(column: string, value: unknown, names: Names): string | null {
  if (column.endsWith('_id') && column !== 'account_id') return named(value, names);
  const words = plain(value);
  if (words === null) return null;
  switch (column) {
    case 'pan_last4':
      return `••••••${words}`;
    case 'pan_holder':
      return words === 'guardian' ? 'the guardian’s' : 'their own';
    case 'kind':
      return KIND_LABELS[words as ClientKind];
    case 'lifecycle':
      return LIFECYCLE_LABELS[words as Lifecycle];
    case 'type':
    case 'tier':
      return names.lists.get(`client_${column}:${words}`) ?? words;
    default:
      return column === 'next_contact_channel' ? words.replaceAll('_', ' ') : words;
  }
}
