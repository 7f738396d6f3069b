import type { Path } from './inputs.ts';
import type { TestFirm } from '../support/firm.ts';
import type { Kind } from './world.ts';

/** Ids of what everybody may know: colleagues, teams, roles, the catalogue, request types. */
const PUBLIC = new Set([
  ...['rmId', 'userId', 'userIds', 'assigneeId', 'obtainedById', 'conversionRmId', 'primaryRmId'],
  ...['secondaryRmId', 'nextContactById', 'teamId', 'teamIds', 'mainTeamId', 'headId', 'roleId'],
  ...['fromId', 'toId', 'toIds', 'substituteId', 'defaultTeamId', 'typeId', 'productId', 'byId'],
  ...['person', 'team', 'requestType', 'product', 'policy']
]);

const BY_NAME: Record<string, Kind> = {
  clientId: 'client',
  givenByClientId: 'client',
  leadId: 'lead',
  queryId: 'query',
  requestId: 'request',
  holdingId: 'holding',
  originInteractionId: 'interaction',
  exceptId: 'client',
  otherId: 'client'
};

const BY_ROUTER: Record<string, Kind> = {
  leads: 'lead',
  clients: 'client',
  queries: 'query',
  requests: 'request',
  duplicates: 'duplicate',
  holdings: 'holding',
  interactions: 'interaction',
  reviews: 'interaction',
  views: 'view',
  digests: 'digest',
  handover: 'handover'
};

/** Where the name alone does not say it, or where the router's records are everybody's. */
const BY_FIELD: Record<string, Kind | 'public'> = {
  // Administrators read the audit of everything.
  'exports.audit filter.recordId': 'public',
  'clients.contactPoints.remove id': 'point',
  'clients.contactPoints.update id': 'point',
  'clients.contactPoints.setPrimary id': 'point',
  'clients.addresses.update id': 'address',
  'clients.addresses.remove id': 'address',
  'leads.updateContact id': 'leadContact',
  'leads.deleteContact id': 'leadContact',
  'clocks.forSubject id': 'query',
  'clocks.explain id': 'clock',
  'clocks.acknowledge id': 'clock',
  'clocks.snooze id': 'clock',
  'clocks.wake id': 'clock',
  'comments.list filter.subjectId': 'query',
  'comments.add subjectId': 'query',
  'comments.mentionable subjectId': 'query',
  'notifications.byId id': 'notification',
  'notifications.mute id': 'query',
  'handover.deactivate id': 'public',
  'catalogue.update id': 'public',
  'catalogue.remove id': 'public'
};

/** Routers whose records only administrators reach at all, each person his own by another proof, or everybody knows. */
const UNSHARED = [
  'admin',
  'catalogue',
  'requestTypes',
  'calendars',
  'policies',
  'auth',
  'notifications',
  'people',
  'teams',
  'roles',
  'settings'
];

/** Numbers that name nothing. */
const NUMBERS = new Set([
  'version',
  'otherVersion',
  'minAgeDays',
  'limit',
  'skip',
  'step',
  'reviewEveryMonths',
  'level',
  'position',
  'defaultTatDays',
  'instalmentDay',
  'to'
]);

/** What a number in an input names: a kind of record, something public, or nothing. Throws when nobody has said. */
export function namedBy(procedure: string, path: Path): Kind | 'public' | 'nothing' {
  const [router = ''] = procedure.split('.');
  const name = path.filter((part) => part !== '*').at(-1) ?? '';
  const field = BY_FIELD[`${procedure} ${path.join('.')}`];
  if (field) return field;
  if (NUMBERS.has(name)) return 'nothing';
  if (PUBLIC.has(name) || UNSHARED.includes(router)) return 'public';
  const kind = name === 'id' || name === 'ids' ? BY_ROUTER[router] : BY_NAME[name.replace(/Ids$/, 'Id')];
  if (!kind) throw new Error(`Say in id-fields.ts what ${path.join('.')} of ${procedure} names`);
  return kind;
}

const picking = (firm: TestFirm) => ({ picks: [{ toId: firm.rm2.userId }] });

/** What else an input needs for the id to be looked at. */
export const ALONG: Record<string, (firm: TestFirm) => object> = {
  'handover.preview picks.*.clientId': picking,
  'handover.carryOut picks.*.clientId': picking
};

/** Narrows what is looked for, or leaves out of it: there is an answer whatever it names. */
export const narrows = (path: Path) => path[0] === 'filter' || path.at(-1) === 'exceptId';
