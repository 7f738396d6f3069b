import { z } from 'zod';

export const SUBJECT_KINDS = ['query', 'request'] as const;
export const TARGETS = ['first_response', 'resolution'] as const;
export const TARGET_UNITS = ['working_minutes', 'working_days', 'calendar_days'] as const;
export const CLOCK_STATES = ['running', 'paused', 'satisfied', 'cancelled'] as const;
/** While `client` the clock stands still; `ours` and `third_party` both run. */
export const SEGMENT_KINDS = ['ours', 'client', 'third_party'] as const;
export const STEP_KINDS = ['warning', 'breach', 'escalation'] as const;
export const TELL = ['assignee', 'secondary', 'head', 'administrators', 'user'] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];
export type TargetName = (typeof TARGETS)[number];
export type TargetUnit = (typeof TARGET_UNITS)[number];
export type ClockState = (typeof CLOCK_STATES)[number];
export type SegmentKind = (typeof SEGMENT_KINDS)[number];
export type StepKind = (typeof STEP_KINDS)[number];
export type Tell = (typeof TELL)[number];
/** Who has the work while it waits. */
export type WaitingFor = Exclude<SegmentKind, 'ours'>;

/** What a clock runs on. */
export interface SubjectRef {
  kind: SubjectKind;
  id: number;
}

/** What a clock runs on, with everything a policy may look at. */
export interface Subject extends SubjectRef {
  clientId: number;
  requestTypeId?: number | null;
  priority: string;
  clientTier?: string | null;
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
  resolution: 'Resolution'
};

export const STEP_LABELS: Record<StepKind, string> = {
  warning: 'Warning',
  breach: 'Breach',
  escalation: 'Escalation'
};

export const TELL_LABELS: Record<Tell, string> = {
  assignee: 'the assignee',
  secondary: 'the secondary point of contact',
  head: 'the head of the team',
  administrators: 'the administrators',
  user: 'a named colleague'
};

export const SEGMENT_LABELS: Record<SegmentKind, string> = {
  ours: 'With us',
  client: 'Waiting for the client',
  third_party: 'Waiting for a third party'
};

const id = z.number().int().positive();
export const subjectInput = z.strictObject({ kind: z.enum(SUBJECT_KINDS), id });
export const clockInput = z.strictObject({ id });
