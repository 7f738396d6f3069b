import type { StepKind, SubjectKind, TargetName } from '#lib/clocks/model.ts';

/** Why somebody is told. */
export type ToldAs = 'assignee' | 'secondary' | 'head' | 'administrator' | 'named' | 'substitute';

/** One escalation as one person hears of it. */
export interface Telling {
  escalationId: number;
  kind: StepKind;
  subjectKind: SubjectKind;
  subjectId: number;
  number: string;
  /** The request type or the query's subject. */
  what: string;
  clientName: string;
  target: TargetName;
  dueAt: string | null;
  ownerName: string | null;
  teamName: string | null;
  toldAs: ToldAs;
  /** Whom a substitute stands in for. */
  standsInFor: string | null;
}

export interface Message {
  title: string;
  body: string;
  reason: string;
}

/** Writes moments in the reader's zone. */
export type WriteMoment = (moment: string) => string;

export function writesIn(timeZone: string, locale = 'en-IN'): WriteMoment {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  return (moment) => format.format(new Date(moment));
}

/** What one escalation says. */
export function messageFor(telling: Telling, write: WriteMoment): Message {
  const { number, what, clientName } = telling;
  return {
    title: `${number} ${stateOf(telling, write)}`,
    body: `${what} for ${clientName}, ${holderOf(telling)}.${promiseOf(telling, write)}`,
    reason: reasonFor(telling)
  };
}

/** What many say in one message: the counts, and the first few by name. */
export function summaryFor(tellings: Telling[], total: number, write: WriteMoment): Message {
  const lines = tellings.map(
    (telling) => `${telling.number}: ${telling.what} for ${telling.clientName}, ${stateOf(telling, write)}`
  );
  const rest = total - lines.length;
  return {
    title: `${total} promises need attention`,
    body: [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
    reason: 'Many became due or overdue at once: this is one message for all of them.'
  };
}

function stateOf({ kind, dueAt }: Telling, write: WriteMoment): string {
  if (kind === 'warning') return dueAt ? `${verb(dueAt)} due ${write(dueAt)}` : 'is due soon';
  return kind === 'breach' ? 'is overdue' : 'is still overdue';
}

/** A warning may be carried out late, after downtime. */
const verb = (dueAt: string) => (Date.parse(dueAt) < Date.now() ? 'was' : 'is');

function holderOf({ ownerName, teamName }: Telling): string {
  if (ownerName) return `with ${ownerName}`;
  return teamName ? `in the queue of ${teamName}` : 'with nobody';
}

function promiseOf({ kind, dueAt, target }: Telling, write: WriteMoment): string {
  const name = target === 'first_response' ? 'The first response' : 'It';
  return kind === 'warning' || dueAt === null ? '' : ` ${name} was due ${write(dueAt)}.`;
}

function reasonFor({ toldAs, standsInFor, teamName }: Telling): string {
  const reasons: Record<ToldAs, string> = {
    assignee: 'You are told because it is assigned to you.',
    secondary: 'You are told as the second point of contact.',
    head: `You are told as head of ${teamName ?? 'the team'}.`,
    administrator: 'You are told as an administrator.',
    named: 'You are told because the policy names you.',
    substitute: `You are told as the substitute of ${standsInFor ?? 'a colleague'}, who is on leave.`
  };
  return reasons[toldAs];
}
