import { inScope, type Actor, type Owners, type Permission } from '#lib/platform/auth/permissions.ts';
import {
  possibleQueryActions,
  possibleRequestActions,
  type QueryAction,
  type QueryStatus,
  type RequestAction,
  type RequestStatus,
  type WaitingOn
} from './model.ts';

/** Who a query or a request belongs to; the client's people are null where the actor does not see the client. */
interface Work {
  teamId: number | null;
  waitingOn: WaitingOn | null;
  primaryRmId: number | null;
  secondaryRmId: number | null;
}

export interface QueryWork extends Work {
  rmId: number | null;
  status: QueryStatus;
}

export interface RequestWork extends Work {
  assigneeId: number | null;
  status: RequestStatus;
}

export const QUERY_PERMISSIONS = {
  start: 'queries.start',
  wait: 'queries.start',
  resume: 'queries.start',
  resolve: 'queries.resolve',
  close: 'queries.close',
  reopen: 'queries.reopen'
} as const satisfies Record<QueryAction, Permission>;

export const REQUEST_PERMISSIONS = {
  start: 'requests.start',
  wait: 'requests.wait',
  resume: 'requests.wait',
  complete: 'requests.complete',
  reject: 'requests.reject',
  reopen: 'requests.reopen'
} as const satisfies Record<RequestAction, Permission>;

/** A team's members share what nobody has taken; what a colleague has is his and his head's. */
function ownersOf(actor: Actor, work: Work, userId: number | null): Owners {
  const { teamId, primaryRmId, secondaryRmId } = work;
  const shared = teamId !== null && (userId === null || actor.headedTeamIds.includes(teamId));
  return { userIds: [userId, primaryRmId, secondaryRmId], teamIds: shared ? [teamId] : [] };
}

export const mayOnQuery = (actor: Actor, permission: Permission, query: QueryWork) =>
  inScope(actor, permission, ownersOf(actor, query, query.rmId));

export const mayOnRequest = (actor: Actor, permission: Permission, request: RequestWork) =>
  inScope(actor, permission, ownersOf(actor, request, request.assigneeId));

const isOpenQuery = ({ status }: QueryWork) => status === 'open' || status === 'in_progress';
const isOpenRequest = ({ status }: RequestWork) => status === 'pending' || status === 'in_progress';

/** What the actor can do with the query right now: the buttons of its page. */
export function queryFlags(actor: Actor, query: QueryWork) {
  const possible = possibleQueryActions(query, actor);
  const can = (action: QueryAction) =>
    possible.includes(action) && mayOnQuery(actor, QUERY_PERMISSIONS[action], query);
  return {
    edit: isOpenQuery(query) && mayOnQuery(actor, 'queries.edit', query),
    assign: isOpenQuery(query) && mayOnQuery(actor, 'queries.assign', query),
    start: can('start'),
    wait: can('wait'),
    resume: can('resume'),
    resolve: can('resolve'),
    close: can('close'),
    reopen: can('reopen'),
    comment: actor.grants['comments.create'] !== undefined
  };
}

/** What the actor can do with the request right now: the buttons of its page. */
export function requestFlags(actor: Actor, request: RequestWork) {
  const possible = possibleRequestActions(request, actor);
  const can = (action: RequestAction) =>
    possible.includes(action) && mayOnRequest(actor, REQUEST_PERMISSIONS[action], request);
  return {
    edit: isOpenRequest(request) && mayOnRequest(actor, 'requests.edit', request),
    assign: isOpenRequest(request) && mayOnRequest(actor, 'requests.assign', request),
    start: can('start'),
    wait: can('wait'),
    resume: can('resume'),
    complete: can('complete'),
    reject: can('reject'),
    reopen: can('reopen'),
    comment: actor.grants['comments.create'] !== undefined
  };
}
