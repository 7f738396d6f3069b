import { plural } from '#lib/ui/format.ts';
import { PART_NEEDS, type HandoverPart } from './model.ts';
import type { Party } from './parties.server.ts';
import type { Item } from './spread.ts';

export type ConflictKind =
  | 'inactive'
  | 'role'
  | 'onLeave'
  | 'function'
  | 'otherTeam'
  | 'alreadySecondary'
  | 'alreadyPrimary'
  | 'stillSees';

/** Something to know before a handover is carried out, or a reason why it cannot be. */
export interface HandoverConflict {
  kind: ConflictKind;
  /** True where the handover is refused until it is put right. */
  blocks: boolean;
  text: string;
  /** The records it is about; empty where it is about a person. */
  items: Item[];
}

const FITS: Record<HandoverPart, 'rm' | 'ops' | null> = {
  clients: 'rm',
  secondary: 'rm',
  contacts: null,
  leads: 'rm',
  queries: 'rm',
  requests: 'ops'
};

const NAMES: Record<HandoverPart, string> = {
  clients: 'clients',
  secondary: 'clients as second contact',
  contacts: 'planned contacts',
  leads: 'leads',
  queries: 'queries',
  requests: 'requests'
};

const dayInWords = (day: string) =>
  new Date(day).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC'
  });

const list = (parts: HandoverPart[]) => parts.map((part) => NAMES[part]).join(', ');

/** What stands in the way of the handover or should be known before it. */
export function conflictsOf(
  from: Party,
  receivers: readonly Party[],
  items: readonly Item[]
): HandoverConflict[] {
  return receivers.flatMap((to) => {
    const theirs = items.filter(({ toId }) => toId === to.id);
    return [...aboutPerson(from, to, theirs), ...aboutRecords(to, theirs)];
  });
}

function aboutPerson(from: Party, to: Party, theirs: Item[]): HandoverConflict[] {
  const parts = [...new Set(theirs.map(({ part }) => part))];
  const found: HandoverConflict[] = [];
  const add = (kind: ConflictKind, blocks: boolean, text: string) =>
    void found.push({ kind, blocks, text, items: [] });
  if (!to.active) add('inactive', true, `${to.name} is no longer active and cannot take anything over`);
  const blind = parts.filter((part) => to.grants[PART_NEEDS[part]] === undefined);
  if (to.active && blind.length > 0)
    add('role', true, `${to.name} cannot see ${list(blind)}: the role ${to.role} does not include them`);
  if (to.onLeave) {
    const until = to.leaveUntil ? ` until ${dayInWords(to.leaveUntil)}` : '';
    const told = to.substitute ? `${to.substitute} is told instead` : 'nobody stands in';
    add('onLeave', false, `${to.name} is on leave${until}; ${told}`);
  }
  const unusual = parts.filter((part) => FITS[part] && to.function && FITS[part] !== to.function);
  if (unusual.length > 0)
    add(
      'function',
      false,
      `${to.name} works in ${to.team ?? 'no team'}, which does not look after ${list(unusual)}`
    );
  const losing = from.heads.filter(({ id }) => id !== to.id && !to.heads.some((head) => head.id === id));
  if (theirs.length > 0 && losing.length > 0) {
    const names = losing.map(({ name }) => name).join(' and ');
    const records = plural(theirs.length, 'record');
    add('otherTeam', false, `${to.name} is in another team: ${names} will no longer see ${records}`);
  }
  return found;
}

function aboutRecords(to: Party, theirs: Item[]): HandoverConflict[] {
  const seconds = theirs.filter(({ part, before }) => part === 'clients' && before.secondary_rm_id === to.id);
  const firsts = theirs.filter(({ part, after }) => part === 'secondary' && after.secondary_rm_id === null);
  const found: HandoverConflict[] = [];
  if (seconds.length > 0)
    found.push({
      kind: 'alreadySecondary',
      blocks: false,
      text: `${to.name} is second contact of ${plural(seconds.length, 'client')} already and becomes the first; there is no second then`,
      items: seconds
    });
  if (firsts.length > 0)
    found.push({
      kind: 'alreadyPrimary',
      blocks: false,
      text: `${to.name} is first contact of ${plural(firsts.length, 'client')} already; there is no second then`,
      items: firsts
    });
  return found;
}
