import type { StepDeed, StepKind, SubjectKind, TargetName } from '#lib/clocks/model.ts';
import { PRIORITY_LABELS, type Priority } from '#lib/desk/model.ts';
import { daysBetween, writeDay } from './moments.ts';

/** Why somebody is told. */
export type ToldAs =
  | 'assignee'
  | 'secondary'
  | 'head'
  | 'administrator'
  | 'named'
  /** Of somebody on leave. */
  | 'substitute'
  /** The policy tells the assignee's substitute, on leave or not. */
  | 'deputy'
  /** The step gave him the work, or took it from him. */
  | 'taker'
  | 'former';

/** One escalation as one person hears of it. */
export interface Telling {
  escalationId: number;
  kind: StepKind;
  subjectKind: SubjectKind;
  subjectId: number;
  number: string;
  /** The request type, the query's subject or the product a lead asks for. */
  what: string | null;
  clientName: string;
  target: TargetName;
  /** When the promise was due as the step was carried out. */
  dueAt: string | null;
  /** When it is due now: what the step changed may have made it another promise. */
  dueNow: string | null;
  /** The firm's date of a promise that is one of days, such as the next review. */
  onDate: string | null;
  ownerName: string | null;
  teamName: string | null;
  toldAs: ToldAs;
  /** Whom a substitute stands in for. */
  standsInFor: string | null;
  /** What the step changed. */
  deed: StepDeed | null;
  /** Who had the work before. */
  formerName: string | null;
}

export interface Message {
  title: string;
  body: string;
  reason: string;
}

/** How moments are written for a reader. `today` is the firm's date. */
export interface Writing {
  moment: (moment: string) => string;
  today: string;
}

/** What one escalation says. */
export function messageFor(telling: Telling, write: Writing): Message {
  return {
    title: titleOf(telling, write),
    body: [
      `${aboutOf(telling)}, ${holderOf(telling)}.`,
      promiseOf(telling, write),
      deedOf(telling),
      renewalOf(telling, write)
    ]
      .filter(Boolean)
      .join(' '),
    reason: reasonFor(telling)
  };
}

/** What many say in one message: the counts, and the first few by name, the most urgent first. */
export function summaryFor(tellings: Telling[], total: number, write: Writing): Message {
  const lines = tellings.map((telling) => lineOf(telling, write));
  const rest = total - lines.length;
  return {
    title: `${total} promises need attention`,
    body: [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
    reason: 'Many became due or overdue at once: this is one message for all of them.'
  };
}

function lineOf(telling: Telling, write: Writing): string {
  const { number, subjectKind } = telling;
  const state = subjectKind === 'client' ? clientState(telling, write) : workState(telling, write);
  const about = subjectKind === 'client' ? '' : `${aboutOf(telling)}, `;
  const more = [deedOf(telling), renewalOf(telling, write)].filter(Boolean).join(' ');
  return `${number}: ${about}${state}${more ? `. ${more}` : ''}`;
}

function titleOf(telling: Telling, write: Writing): string {
  const { toldAs, number, clientName, ownerName, subjectKind } = telling;
  const name = subjectKind === 'lead' ? `${number} ${clientName}` : `${number} for ${clientName}`;
  if (toldAs === 'taker') return `${name} is yours`;
  if (toldAs === 'former') return `${name} is with ${ownerName ?? 'somebody else'} now`;
  if (subjectKind === 'client') return capitalised(clientState(telling, write));
  return `${number} ${workState(telling, write)}`;
}

const NOUNS: Partial<Record<TargetName, string>> = {
  first_response: 'first response ',
  next_response: 'next response ',
  first_call: 'first call ',
  follow_up: 'follow-up '
};

/** `is overdue`, `first call is due Fri 20 Nov, 14:00`. */
function workState(telling: Telling, write: Writing): string {
  const { kind, dueAt, dueNow, onDate, target } = telling;
  const noun = NOUNS[target] ?? '';
  if (kind !== 'warning' && isRenewed(telling)) return `${noun}was late`;
  if (kind !== 'warning') return `${noun}${kind === 'breach' ? 'is overdue' : 'is still overdue'}`;
  const moment = isPast(dueAt) ? dueAt : dueNow;
  const due = onDate ? writeDay(onDate) : moment && write.moment(moment);
  // A warning may be carried out late, after downtime.
  return `${noun}${due ? `${isPast(moment) ? 'was' : 'is'} due ${due}` : 'is due soon'}`;
}

const isPast = (moment: string | null) => moment !== null && Date.parse(moment) < Date.now();

/** A promise that was broken, and was given a due time ahead since: by the step itself or by whoever was quicker. */
const isRenewed = ({ dueAt, dueNow }: Telling) => isPast(dueAt) && dueNow !== null && !isPast(dueNow);

function renewalOf(telling: Telling, write: Writing): string {
  const { dueNow, onDate } = telling;
  return isRenewed(telling) && dueNow && !onDate ? `It is due ${write.moment(dueNow)} now.` : '';
}

/** `portfolio review of Meera Shah on 12 Nov is a week ahead`. */
function clientState({ target, clientName, onDate, kind }: Telling, write: Writing): string {
  const promise = target === 'review' ? `portfolio review of ${clientName}` : `contact with ${clientName}`;
  if (!onDate) return `${promise} ${kind === 'warning' ? 'is due soon' : 'is overdue'}`;
  const ahead = daysBetween(write.today, onDate);
  if (ahead < 0 || kind !== 'warning') return `${promise} is overdue since ${writeDay(onDate)}`;
  if (ahead === 0) return `${promise} is due today`;
  return `${promise} on ${writeDay(onDate)} is ${distance(ahead)}`;
}

const distance = (days: number) =>
  days === 7 ? 'a week ahead' : days === 1 ? 'tomorrow' : `${days} days ahead`;

function aboutOf({ number, what, clientName, subjectKind }: Telling): string {
  if (subjectKind === 'client') return `${number} ${clientName}`;
  if (subjectKind === 'lead') return what ? `${clientName} (${what})` : clientName;
  return `${what ?? 'Work'} for ${clientName}`;
}

function holderOf({ ownerName, teamName }: Telling): string {
  if (ownerName) return `with ${ownerName}`;
  return teamName ? `in the queue of ${teamName}` : 'with nobody';
}

const PROMISES: Partial<Record<TargetName, string>> = {
  first_response: 'The first response',
  next_response: 'The next response',
  first_call: 'The first call',
  follow_up: 'The follow-up',
  contact: 'The contact'
};

function promiseOf({ kind, dueAt, onDate, target }: Telling, write: Writing): string {
  if (kind === 'warning' || dueAt === null) return '';
  return `${PROMISES[target] ?? 'It'} was due ${onDate ? writeDay(onDate) : write.moment(dueAt)}.`;
}

function deedOf({ deed, ownerName, formerName, toldAs }: Telling): string {
  const { assignee, priority } = deed ?? {};
  const from = formerName ? ` from ${formerName}` : '';
  const moved =
    assignee && toldAs !== 'former'
      ? `The policy passed it on${from} to ${toldAs === 'taker' ? 'you' : (ownerName ?? 'a colleague')}.`
      : '';
  const raised = priority
    ? `The policy raised its priority to ${PRIORITY_LABELS[priority.to as Priority].toLowerCase()}.`
    : '';
  return [moved, raised].filter(Boolean).join(' ');
}

function reasonFor({ toldAs, standsInFor, teamName, subjectKind }: Telling): string {
  const mine = subjectKind === 'client' ? 'you are the relationship manager' : 'it is assigned to you';
  const reasons: Record<ToldAs, string> = {
    assignee: `You are told because ${mine}.`,
    secondary: 'You are told as the second point of contact.',
    head: `You are told as head of ${teamName ?? 'the team'}.`,
    administrator: 'You are told as an administrator.',
    named: 'You are told because the policy names you.',
    substitute: `You are told as the substitute of ${standsInFor ?? 'a colleague'}, who is on leave.`,
    deputy: `You are told as the substitute of ${standsInFor ?? 'a colleague'}.`,
    taker: 'You are told because the policy gave it to you: its promise was not kept.',
    former: 'You are told because it was with you; its promise was not kept.'
  };
  return reasons[toldAs];
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
