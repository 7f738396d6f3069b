import { TARGET_LABELS, TELL_LABELS, type StepAction, type SubjectKind } from '#lib/clocks/model.ts';
import { plural } from '#lib/ui/format.ts';
import type { EnteredUnit, StepRow, TargetRow } from './policy-inputs.ts';

/** What a policy is for, in the firm's words. */
export const kindLabels = (clients: string): Record<SubjectKind, string> => ({
  query: 'Queries',
  request: 'Requests',
  lead: 'Leads',
  client: clients
});

interface MatchInWords {
  requestType: string | null;
  priority: string | null;
  tier: string | null;
  clientTag: string | null;
  team: string | null;
}

/** `of the type Nomination, urgent, clients of tier Gold`; `All` where it looks at nothing. */
export function matchWords(match: MatchInWords, words: { clients: string }): string {
  const parts = [
    match.requestType && `of the type ${match.requestType}`,
    match.priority && `priority ${match.priority}`,
    match.tier && `${words.clients} of tier ${match.tier}`,
    match.clientTag && `${words.clients} tagged ${match.clientTag}`,
    match.team && `with ${match.team}`
  ].filter((part) => typeof part === 'string' && part !== '');
  const text = parts.join(', ');
  return text === '' ? 'All of them' : text.charAt(0).toUpperCase() + text.slice(1);
}

/** What may keep a policy from ever matching. */
export interface Doubtful {
  subjectKind: SubjectKind;
  active: boolean;
  hiddenBehind: { name: string } | null;
  typeGone: boolean | null;
  teamGone: boolean | null;
  tierGone: boolean;
  tagUnused: boolean;
  fitsNone: boolean;
}

/** Why a policy matches nothing as things are; `client` is the firm's word. */
export function doubtsOf(policy: Doubtful, client: string): string[] {
  const certain = [
    policy.hiddenBehind &&
      `Never reached: “${policy.hiddenBehind.name}” comes before it and takes everything`,
    policy.typeGone && 'Matches nothing new: the type is no longer offered',
    policy.teamGone && 'Matches nothing new: the team is no longer active',
    policy.tierGone && 'Matches nothing: the tier is no longer in the list',
    policy.tagUnused && `Matches nothing now: no ${client} has this tag`
  ].filter((doubt): doubt is string => typeof doubt === 'string' && doubt !== '');
  if (certain.length > 0 || !policy.fitsNone) return certain;
  const what = policy.subjectKind === 'client' ? client : `open ${policy.subjectKind}`;
  return [`Fits no ${what} today, but may fit later ones`];
}

export const UNIT_LABELS: Record<EnteredUnit, string> = {
  working_hours: 'working hours',
  working_minutes: 'working minutes',
  working_days: 'working days',
  calendar_days: 'calendar days',
  on_date: 'days after its date'
};

export const ACTION_LABELS: Record<StepAction, string> = {
  notify: 'Notify',
  mail: 'Mail',
  reassign: 'Give them the work',
  raise_priority: 'Raise the priority'
};

const HOUR = 60;

/** `4 working hours`, `3 working days`, `on its date`. */
export function lengthOf(amount: number, unit: EnteredUnit): string {
  if (unit === 'on_date') return amount === 0 ? 'on its date' : `${plural(amount, 'day')} after its date`;
  if (unit === 'working_days') return plural(amount, 'working day');
  if (unit === 'working_hours') return plural(amount, 'working hour');
  if (unit === 'calendar_days') return plural(amount, 'calendar day');
  return amount % HOUR === 0 ? plural(amount / HOUR, 'working hour') : plural(amount, 'working minute');
}

/** `Resolution in 3 working days`. */
export function promiseWords({ target, amount, unit }: TargetRow): string {
  const length = lengthOf(amount ?? 0, unit);
  return `${TARGET_LABELS[target]} ${unit === 'on_date' ? length : `in ${length}`}`;
}

function timeWords({ when, amount = 0 }: StepRow): string {
  if (when === 'percent') return amount === 100 ? 'when it is due' : `at ${amount} % of the time`;
  if (when === 'days_before') return amount === 0 ? 'on the day' : `${plural(amount, 'day')} before`;
  const minutes = when === 'after_hours' ? amount * HOUR : amount;
  return minutes === 0 ? 'when it is due' : `${lengthOf(minutes, 'working_minutes')} overdue`;
}

const DEEDS: Partial<Record<StepAction, string>> = {
  reassign: 'give them the work',
  raise_priority: 'raise the priority'
};

/** `At 75 % of the time tell the assignee`. */
export function stepWords(step: StepRow & { tellUserName?: string | null }): string {
  const who =
    step.tell === 'user' ? (step.tellUserName ?? 'a colleague') : TELL_LABELS[step.tell ?? 'assignee'];
  const deeds = step.does.flatMap((one) => DEEDS[one] ?? []);
  const time = timeWords(step);
  const quietly = step.does.includes('mail') ? '' : ', without mail';
  return `${time.charAt(0).toUpperCase()}${time.slice(1)} tell ${who}${[quietly, ...deeds].join(deeds.length ? ', ' : '')}`;
}

interface Terms {
  calendar: string;
  pausesClient: boolean;
  pausesThirdParty: boolean;
  workingHoursOnly: boolean;
  targets: TargetRow[];
  steps: (StepRow & { tellUserName?: string | null })[];
}

/** Everything a version says, a line each: for its history. `client` is the firm's word. */
export function termsInWords(terms: Terms, client: string): string[] {
  return [
    `Counted on ${terms.calendar}`,
    terms.pausesClient ? `Stands still while the ${client} has it` : `Runs on while the ${client} has it`,
    terms.pausesThirdParty ? 'Stands still while a third party has it' : 'Runs on while a third party has it',
    ...(terms.workingHoursOnly ? ['Reminds in working hours only'] : []),
    ...terms.targets.map(promiseWords),
    ...terms.steps.map((step) => `${TARGET_LABELS[step.target]}: ${stepWords(step)}`)
  ];
}
