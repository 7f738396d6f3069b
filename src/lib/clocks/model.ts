import { z } from 'zod';

export const SUBJECT_KINDS = ['query', 'request', 'lead', 'client'] as const;
export const TARGETS = [
  'first_response',
  'next_response',
  'resolution',
  'first_call',
  'follow_up',
  'contact',
  'review'
] as const;
/** `on_date` is due when work closes on a date that the record names, such as the next review. */
export const TARGET_UNITS = ['working_minutes', 'working_days', 'calendar_days', 'on_date'] as const;
export const CLOCK_STATES = ['running', 'paused', 'satisfied', 'cancelled'] as const;
/** Who has the work. Whether the client's or a third party's time stands still is for the policy to say. */
export const SEGMENT_KINDS = ['ours', 'client', 'third_party'] as const;
export const STEP_KINDS = ['warning', 'breach', 'escalation'] as const;
export const TELL = ['assignee', 'secondary', 'substitute', 'head', 'administrators', 'user'] as const;
export const STEP_ACTIONS = ['notify', 'mail', 'reassign', 'raise_priority'] as const;
export const HOLD_KINDS = ['acknowledged', 'snoozed'] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];
export type TargetName = (typeof TARGETS)[number];
export type TargetUnit = (typeof TARGET_UNITS)[number];
export type ClockState = (typeof CLOCK_STATES)[number];
export type SegmentKind = (typeof SEGMENT_KINDS)[number];
export type StepKind = (typeof STEP_KINDS)[number];
export type Tell = (typeof TELL)[number];
export type StepAction = (typeof STEP_ACTIONS)[number];
export type HoldKind = (typeof HOLD_KINDS)[number];
/** Who has the work while it waits. */
export type WaitingFor = Exclude<SegmentKind, 'ours'>;

/** What each kind of record can be promised. */
export const TARGETS_OF: Record<SubjectKind, readonly TargetName[]> = {
  query: ['first_response', 'next_response', 'resolution'],
  request: ['first_response', 'next_response', 'resolution'],
  lead: ['first_call', 'follow_up'],
  client: ['contact', 'review']
};

/** What a step changed on the record. */
export interface StepDeed {
  assignee?: { from: number | null; to: number };
  priority?: { from: string; to: string };
}

/** What may move a due time: what a policy looks at, the policies themselves, and the calendar. */
export type MovedBy = 'priority' | 'type' | 'team' | 'tier' | 'tags' | 'policy' | 'calendar';

/** Why a due time moved. */
export interface MoveReason {
  what: MovedBy;
  /** In words: a priority, names of types, teams, policies and calendars; null for none. */
  from: string | null;
  to: string | null;
  /** A colleague's name; null for what the system did. */
  by: string | null;
  /** ISO text. */
  at: string;
}

/** What a clock runs on. */
export interface SubjectRef {
  kind: SubjectKind;
  id: number;
}

/** What a clock runs on, with everything a policy may look at. */
export interface Subject extends SubjectRef {
  /** Null for a lead that is no client yet. */
  clientId: number | null;
  requestTypeId?: number | null;
  priority?: string | null;
  clientTier?: string | null;
  clientTags?: string[];
  /** The team the work is with. */
  teamId?: number | null;
}

/** What is promised for an ordinary new request of a type, and by which policy. */
export interface TypePromise {
  policy: string;
  amount: number;
  unit: TargetUnit;
  /** True for the policy that follows the type's own turnaround. */
  ofType: boolean;
}

export const TARGET_LABELS: Record<TargetName, string> = {
  first_response: 'First response',
  next_response: 'Next response',
  resolution: 'Resolution',
  first_call: 'First call',
  follow_up: 'Follow-up',
  contact: 'Contact',
  review: 'Portfolio review'
};

export const STEP_LABELS: Record<StepKind, string> = {
  warning: 'Warning',
  breach: 'Breach',
  escalation: 'Escalation'
};

export const TELL_LABELS: Record<Tell, string> = {
  assignee: 'the assignee',
  secondary: 'the secondary point of contact',
  substitute: 'the substitute of the assignee',
  head: 'the head of the team',
  administrators: 'the administrators',
  user: 'a named colleague'
};

export const HOLD_LABELS: Record<HoldKind, string> = { acknowledged: 'Acknowledged', snoozed: 'Snoozed' };

export const ACTION_LABELS: Record<StepAction, string> = {
  notify: 'notification',
  mail: 'mail',
  reassign: 'reassigned to them',
  raise_priority: 'priority raised'
};

const id = z.number().int().positive();
export const subjectInput = z.strictObject({ kind: z.enum(SUBJECT_KINDS), id });
export const clockInput = z.strictObject({ id });

const reason = z.string().trim().min(1, 'Please give a reason').max(500);
/** “I am on it”: the ladder waits for eight working hours. */
export const acknowledgeInput = z.strictObject({ id, reason });
/** The ladder waits until a moment at most five working days ahead. */
export const snoozeInput = z.strictObject({ id, until: z.date(), reason });
