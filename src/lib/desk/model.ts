import { possibleActions, statusAfter, type Transition } from '#lib/platform/transitions.ts';

export const QUERY_STATUSES = ['open', 'in_progress', 'resolved', 'closed'] as const;
export const REQUEST_STATUSES = ['pending', 'in_progress', 'completed', 'rejected'] as const;
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export const WAITING_ON = ['client', 'third_party'] as const;
export const WAITING_PARTIES = ['registrar', 'fund_house', 'bank', 'courier', 'other'] as const;
export const COMMENT_SUBJECTS = ['query', 'request'] as const;

export type QueryStatus = (typeof QUERY_STATUSES)[number];
export type RequestStatus = (typeof REQUEST_STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];
export type WaitingOn = (typeof WAITING_ON)[number];
export type WaitingParty = (typeof WAITING_PARTIES)[number];
export type CommentSubject = (typeof COMMENT_SUBJECTS)[number];

export type QueryAction = 'start' | 'wait' | 'resume' | 'resolve' | 'close' | 'reopen';
export type RequestAction = 'start' | 'wait' | 'resume' | 'complete' | 'reject' | 'reopen';

export const QUERY_STATUS_LABELS: Record<QueryStatus, string> = {
  open: 'Open',
  in_progress: 'In progress',
  resolved: 'Resolved',
  closed: 'Closed'
};

export const REQUEST_STATUS_LABELS: Record<RequestStatus, string> = {
  pending: 'Pending',
  in_progress: 'In progress',
  completed: 'Completed',
  rejected: 'Rejected'
};

export const PRIORITY_LABELS: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent'
};

/** Whom it waits on, with the firm's word for a client. */
export const waitingLabels = (client: string): Record<WaitingOn, string> => ({
  client: `Waiting on the ${client}`,
  third_party: 'Waiting on a third party'
});

export const PARTY_LABELS: Record<WaitingParty, string> = {
  registrar: 'Registrar',
  fund_house: 'Fund house',
  bank: 'Bank',
  courier: 'Courier',
  other: 'Somebody else'
};

export const QUERY_ACTION_LABELS: Record<QueryAction, string> = {
  start: 'Start',
  wait: 'Wait',
  resume: 'Resume',
  resolve: 'Resolve',
  close: 'Close',
  reopen: 'Reopen'
};

export const REQUEST_ACTION_LABELS: Record<RequestAction, string> = {
  start: 'Start',
  wait: 'Wait',
  resume: 'Resume',
  complete: 'Complete',
  reject: 'Reject',
  reopen: 'Reopen'
};

export const QUERY_TRANSITIONS: readonly Transition<QueryStatus, QueryAction>[] = [
  { action: 'start', from: ['open'], to: 'in_progress' },
  { action: 'wait', from: ['in_progress'], to: 'in_progress' },
  { action: 'resume', from: ['in_progress'], to: 'in_progress' },
  { action: 'resolve', from: ['open', 'in_progress'], to: 'resolved' },
  { action: 'close', from: ['resolved'], to: 'closed' },
  { action: 'reopen', from: ['resolved'], to: 'in_progress' },
  { action: 'reopen', from: ['closed'], to: 'in_progress', byHead: true }
];

export const REQUEST_TRANSITIONS: readonly Transition<RequestStatus, RequestAction>[] = [
  { action: 'start', from: ['pending'], to: 'in_progress' },
  { action: 'wait', from: ['in_progress'], to: 'in_progress' },
  { action: 'resume', from: ['in_progress'], to: 'in_progress' },
  { action: 'complete', from: ['in_progress'], to: 'completed' },
  { action: 'reject', from: ['pending', 'in_progress'], to: 'rejected' },
  { action: 'reopen', from: ['completed', 'rejected'], to: 'in_progress', byHead: true }
];

interface Stage<Status> {
  status: Status;
  waitingOn: WaitingOn | null;
}

interface Mover {
  level: number;
}

/** Something that waits for nobody cannot be resumed. */
const withoutIdleResume = <Action extends string>(actions: Action[], waitingOn: WaitingOn | null) =>
  actions.filter((action) => action !== 'resume' || waitingOn !== null);

export const possibleQueryActions = ({ status, waitingOn }: Stage<QueryStatus>, mover: Mover) =>
  withoutIdleResume(possibleActions(QUERY_TRANSITIONS, status, mover), waitingOn);

export const possibleRequestActions = ({ status, waitingOn }: Stage<RequestStatus>, mover: Mover) =>
  withoutIdleResume(possibleActions(REQUEST_TRANSITIONS, status, mover), waitingOn);

/** The status after the action; throws RuleViolation where it is not possible. */
export function queryStatusAfter(action: QueryAction, stage: Stage<QueryStatus>, mover: Mover): QueryStatus {
  const table = QUERY_TRANSITIONS.filter((each) => each.action !== 'resume' || stage.waitingOn !== null);
  return statusAfter(table, action, stage.status, mover, {
    noun: 'query',
    statuses: QUERY_STATUS_LABELS,
    actions: QUERY_ACTION_LABELS
  });
}

/** The status after the action; throws RuleViolation where it is not possible. */
export function requestStatusAfter(
  action: RequestAction,
  stage: Stage<RequestStatus>,
  mover: Mover
): RequestStatus {
  const table = REQUEST_TRANSITIONS.filter((each) => each.action !== 'resume' || stage.waitingOn !== null);
  return statusAfter(table, action, stage.status, mover, {
    noun: 'request',
    statuses: REQUEST_STATUS_LABELS,
    actions: REQUEST_ACTION_LABELS
  });
}
