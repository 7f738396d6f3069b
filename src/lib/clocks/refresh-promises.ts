import type { TargetName } from './model.ts';

/** Something that was said, when, when it was noted down, and the firm's date of it. */
export interface Said {
  at: Date;
  loggedAt: Date;
  day: string;
}

interface Facts {
  id: number;
  createdAt: Date;
  /** The firm's date. */
  today: string;
}

export interface LeadFacts extends Facts {
  status: string;
  /** Since when it waits for its RM's first call; null without an RM, and where it was worked before. */
  assignedAt: Date | null;
  /** When it was converted or denied. */
  endedAt: Date | null;
  followUpOn: string | null;
  /** The first time somebody was reached since it was assigned. */
  calledAt: Date | null;
  /** A clock for the first call began when it was assigned, whatever became of it. */
  clocked: boolean;
  /** What was noted down last of what reached somebody, and of everything. */
  answered: Said | null;
  tried: Said | null;
}

export interface ClientFacts extends Facts {
  /** Not archived, and with an RM. */
  lookedAfter: boolean;
  lastContactAt: Date | null;
  /** The first contact after the running clock began. */
  nextContactAt: Date | null;
  reviewOn: string | null;
  reviewed: Said | null;
}

/** A clock as far as it matters here. */
export interface Running {
  startedAt: Date;
  /** What was said from then on keeps it: its start, or when its date, which had passed, was noted. */
  since: Date;
  onDate: string | null;
}

/** A promise that has to run. */
export interface Promised {
  startedAt: Date;
  onDate: string | null;
  cause: string;
  /** When it was kept already: somebody was quicker than whoever looks. */
  keptAt?: Date;
}

/** What has to happen to the clock of one target: end, move to a date, begin; nothing where all are left out. */
export interface Change {
  end?: { state: 'satisfied' | 'cancelled'; at: Date | null };
  moveTo?: string;
  begin?: Promised;
}

/** A clock that was satisfied last, for the case that what satisfied it is gone. */
export interface Kept extends Running {
  endedAt: Date;
}

/** The clock of a target that runs, and the one that was kept last. */
interface Clocks {
  running: Running | undefined;
  kept: Kept | undefined;
}

/** How the clock of one target follows its record. */
interface Rule<F> {
  change(facts: F, clocks: Clocks, since: Date): Change;
  /** Is what kept the last promise gone, so that it has to run again? */
  isUndone(facts: F, running: Running | undefined, kept: Kept): boolean;
}

export type Rules<F> = Partial<Record<TargetName, Rule<F>>>;

const isOpen = ({ status }: LeadFacts) => status === 'new' || status === 'wip';

/** How a lead's end ends its clocks: what was converted was kept. */
const endOf = ({ status, endedAt }: LeadFacts): Change['end'] => ({
  state: status === 'converted' ? 'satisfied' : 'cancelled',
  at: endedAt
});

/** What is said after a lead's end keeps nothing any more, and undoes nothing. */
const calledInTime = ({ calledAt, endedAt }: LeadFacts) =>
  calledAt && endedAt && calledAt > endedAt ? null : calledAt;

/** When the first call was kept: by itself, or by the conversion. */
const callKeptAt = (lead: LeadFacts) =>
  calledInTime(lead) ?? (lead.status === 'converted' ? lead.endedAt : null);

const callSince = (startedAt: Date): Promised => ({ startedAt, onDate: null, cause: 'Assigned to an RM' });

const dueCall = (lead: LeadFacts): Promised | undefined =>
  isOpen(lead) && lead.assignedAt && !lead.calledAt ? callSince(lead.assignedAt) : undefined;

/** A lead that waits longer than this to be looked at was worked before it was promised anything. */
const LOOKED_AT_WITHIN = 86_400_000;

/** The call was made before anybody looked at the lead that was assigned. */
function calledAtOnce(lead: LeadFacts, since: Date): Promised | undefined {
  const { assignedAt, clocked } = lead;
  const keptAt = callKeptAt(lead);
  if (!assignedAt || !keptAt || clocked) return undefined;
  const isNew = since.getTime() - assignedAt.getTime() < LOOKED_AT_WITHIN;
  return isNew ? { ...callSince(assignedAt), keptAt } : undefined;
}

function firstCall(lead: LeadFacts, { running }: Clocks, since: Date): Change {
  const begin = dueCall(lead) ?? (running ? undefined : calledAtOnce(lead, since));
  if (!running) return begin ? { begin } : {};
  const calledAt = calledInTime(lead);
  if (lead.assignedAt && calledAt) return { end: { state: 'satisfied', at: calledAt } };
  if (!begin) return { end: endOf(lead) };
  if (sameMoment(running.startedAt, begin.startedAt)) return {};
  return { end: { state: 'cancelled', at: null }, begin };
}

function followUp(lead: LeadFacts, { running, kept: past }: Clocks, since: Date): Change {
  const { answered, tried, followUpOn, createdAt, today } = lead;
  // A date that was kept is not due again; another is, also one that has passed.
  const wasKept = running ? later(answered, running) && running.onDate : past?.onDate;
  const isOver = (on: string) => on === wasKept && answered !== null && answered.day >= on;
  const due = isOpen(lead) && followUpOn !== null && !isOver(followUpOn);
  const startedAt = begun({ onDate: followUpOn, today, createdAt, since, last: tried });
  const begin = due ? { startedAt, onDate: followUpOn, cause: 'Follow-up planned' } : undefined;
  if (!running) return begin ? { begin } : {};
  const kept = later(answered, running) ?? (isLater(followUpOn, running) ? later(tried, running) : null);
  if (isOpen(lead) && kept) return { end: { state: 'satisfied', at: kept.at }, ...(begin ? { begin } : {}) };
  if (!begin) return { end: endOf(lead) };
  return begin.onDate === running.onDate ? {} : { moveTo: begin.onDate };
}

function contact(client: ClientFacts, { running }: Clocks): Change {
  const { lookedAfter, lastContactAt, nextContactAt, createdAt } = client;
  const startedAt = lastContactAt ?? createdAt;
  const cause = lastContactAt ? 'Last contact' : 'Entered, and never contacted';
  const begin = lookedAfter ? { startedAt, onDate: null, cause } : undefined;
  if (!running) return begin ? { begin } : {};
  if (!begin) return { end: { state: 'cancelled', at: null } };
  if (sameMoment(running.startedAt, startedAt)) return {};
  const end = nextContactAt
    ? { state: 'satisfied' as const, at: nextContactAt }
    : { state: 'cancelled' as const, at: null };
  return { end, begin };
}

function review(client: ClientFacts, { running }: Clocks, since: Date): Change {
  const { lookedAfter, reviewOn, reviewed, createdAt, today } = client;
  const startedAt = begun({ onDate: reviewOn, today, createdAt, since, last: reviewed });
  const begin = lookedAfter && reviewOn ? { startedAt, onDate: reviewOn, cause: 'Review agreed' } : undefined;
  if (!running) return begin ? { begin } : {};
  if (begin?.onDate === running.onDate) return {};
  const held = later(reviewed, running);
  if (held && lookedAfter) return { end: { state: 'satisfied', at: held.at }, ...(begin ? { begin } : {}) };
  return begin ? { moveTo: begin.onDate } : { end: { state: 'cancelled', at: null } };
}

/** The date of the promise that was kept last is the record's again. */
const isAgain = (date: string | null, running: Running | undefined, kept: Kept) =>
  date !== null && date === kept.onDate && date !== running?.onDate;

interface Dated {
  onDate: string | null;
  today: string;
  createdAt: Date;
  since: Date;
  last: Said | null;
}

/** A promise for a date begins when it is made; nobody knows when one was made whose date is past. */
function begun({ onDate, today, createdAt, since, last }: Dated): Date {
  const made = onDate !== null && onDate < today ? createdAt : since;
  return last && last.loggedAt > made ? last.loggedAt : made;
}

/** What was said after the clock began. */
const later = (said: Said | null, { since }: Running) => (said && said.loggedAt > since ? said : null);

const isLater = (date: string | null, { onDate }: Running) =>
  date !== null && onDate !== null && date > onDate;

const sameMoment = (a: Date, b: Date) => a.getTime() === b.getTime();

export const LEAD_RULES: Rules<LeadFacts> = {
  first_call: {
    change: firstCall,
    isUndone: (lead, running, kept) => {
      const { assignedAt } = lead;
      if (running || !assignedAt || !sameMoment(assignedAt, kept.startedAt)) return false;
      // The call may have been at another time than it seemed.
      const keptAt = callKeptAt(lead);
      return keptAt
        ? Math.max(keptAt.getTime(), assignedAt.getTime()) !== kept.endedAt.getTime()
        : isOpen(lead);
    }
  },
  follow_up: {
    change: followUp,
    isUndone: (lead, running, kept) =>
      isOpen(lead) &&
      isAgain(lead.followUpOn, running, kept) &&
      !later(lead.answered, kept) &&
      !later(lead.tried, kept)
  }
};

export const CLIENT_RULES: Rules<ClientFacts> = {
  contact: {
    change: contact,
    isUndone: ({ lookedAfter, lastContactAt, nextContactAt, createdAt }, running, kept) => {
      const from = lastContactAt ?? createdAt;
      if (!lookedAfter) return false;
      if (!running) return sameMoment(kept.startedAt, from);
      return !nextContactAt && from < running.startedAt && kept.startedAt <= from;
    }
  },
  review: {
    change: review,
    isUndone: (client, running, kept) =>
      client.lookedAfter && isAgain(client.reviewOn, running, kept) && !later(client.reviewed, kept)
  }
};
