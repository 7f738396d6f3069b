import type { TestFirm } from '../support/firm.ts';
import type { ActorName, Kind, Target } from './world.ts';

/**
 * One letter for each relation (own, team's, other's, missing), or one for procedures without a record:
 * o done · n not found · f forbidden · r a rule says no · u not signed in
 */
export type Cells = string;

export interface Expectation {
  kind: Kind;
  cells: Record<ActorName, Cells>;
  input: (target: Target, firm: TestFirm) => unknown;
  /** What the record must be like for the action to be possible. */
  state?: Record<string, unknown>;
  /** Procedures for everybody: what somebody who is not signed in gets. */
  anonymous?: string;
}

type Input = Expectation['input'];

const cellsOf = (letters: string): Record<ActorName, Cells> => {
  const [executive = '', ops = '', head = '', administrator = ''] = letters.split(' ');
  return { executive, ops, head, administrator };
};

/** `letters` are for executive, operations, head and administrator, in this order. */
const on = (kind: Kind, letters: string, input: Input, state?: Record<string, unknown>): Expectation => ({
  kind,
  cells: cellsOf(letters),
  input,
  ...(state ? { state } : {})
});

const free = (letters: string, input: Input = () => ({})): Expectation => on('none', letters, input);
const open = (anonymous: string, letters: string, input: Input): Expectation => ({
  ...free(letters, input),
  anonymous
});

const byId: Input = ({ id }) => ({ id });
const ofClient =
  (more: object = {}): Input =>
  ({ clientId }) => ({ clientId, ...more });
const acting =
  (more: object): Input =>
  ({ id }) => ({ id, ...more });

let entered = 0;

const resolved = { status: 'resolved', resolution: 'Done' };
const running = { status: 'in_progress' };
const waiting = { status: 'in_progress', waitingOn: 'client', waitingWhy: 'Form' };
const waits = { waitingOn: 'client', reason: 'Form' };
const because = { reason: 'Because' };

const leads: Record<string, Expectation> = {
  'leads.list': free('o f o o'),
  'leads.byId': on('lead', 'onnn ffff oonn ooon', byId),
  'leads.matches': on('lead', 'onnn ffff oonn ooon', byId),
  'leads.create': free('o f o o', () => ({ name: 'Somebody' })),
  'leads.update': on('lead', 'onnn ffff oonn ooon', acting({ version: 1, notes: 'Called' })),
  'leads.assign': on('lead', 'ffff ffff oonn ooon', ({ id }, firm) => ({ id, rmId: firm.rm2.userId })),
  'leads.convert': on('lead', 'onnn ffff oonn ooon', ({ id }, firm) => ({
    id,
    productId: firm.productId,
    client: { name: 'Brand New', panExemptReason: 'Abroad' }
  })),
  'leads.deny': on('lead', 'onnn ffff oonn ooon', acting({ reason: 'budget' })),
  'leads.reopen': on('lead', 'ffff ffff oonn ooon', acting(because), {
    status: 'denied',
    denialReason: 'budget'
  })
};

const queries: Record<string, Expectation> = {
  'queries.list': free('o o o o'),
  'queries.byId': on('query', 'onnn oonn oonn ooon', byId),
  'queries.open': on('client', 'onnn ffff oonn ooon', ofClient({ subject: 'Why?' })),
  'queries.update': on('query', 'onnn ffff oonn ooon', acting({ version: 1, priority: 'high' })),
  'queries.assign': on('query', 'ffff ffff oonn ooon', ({ id }, firm) => ({ id, rmId: firm.rm2.userId })),
  'queries.start': on('query', 'onnn ofnn oonn ooon', byId),
  'queries.wait': on('query', 'onnn ofnn oonn ooon', acting(waits), running),
  'queries.resume': on('query', 'onnn ofnn oonn ooon', byId, waiting),
  'queries.resolve': on('query', 'onnn ofnn oonn ooon', acting({ resolution: 'So' })),
  'queries.close': on('query', 'onnn ffff oonn ooon', byId, resolved),
  'queries.reopen': on('query', 'onnn ffff oonn ooon', acting(because), resolved)
};

// Heads view every request, so for them another's is forbidden and not hidden.
const requests: Record<string, Expectation> = {
  'requests.list': free('o o o o'),
  'requests.types': free('o o o o'),
  'requests.byId': on('request', 'onnn oonn ooon ooon', byId),
  'requests.open': on('client', 'onnn ooon oonn ooon', ({ clientId }, firm) => ({
    clientId,
    typeId: firm.requestTypeId
  })),
  'requests.update': on('request', 'ffff oonn oofn ooon', acting({ version: 1, priority: 'high' })),
  'requests.check': on('request', 'ffff oonn oofn ooon', acting({ step: 0, done: true }), {
    checklist: [{ label: 'Form', done: false }]
  }),
  'requests.assign': on('request', 'ffff ffff oofn ooon', ({ id }, firm) => ({
    id,
    assigneeId: firm.rm2.userId
  })),
  'requests.takeNext': free('f o o r'),
  'requests.start': on('request', 'ffff oonn oofn ooon', byId),
  'requests.wait': on('request', 'ffff oonn oofn ooon', acting(waits), running),
  'requests.resume': on('request', 'ffff oonn oofn ooon', byId, waiting),
  'requests.complete': on('request', 'ffff oonn oofn ooon', byId, running),
  'requests.reject': on('request', 'ffff oonn oofn ooon', acting(because)),
  'requests.reopen': on('request', 'ffff ffff oofn ooon', acting(because), { status: 'completed' })
};

const about = ({ id }: Target) => ({ subjectKind: 'query', subjectId: id });

const comments: Record<string, Expectation> = {
  'comments.list': on('query', 'oooo oooo oooo oooo', (target) => ({ filter: about(target) })),
  'comments.add': on('query', 'onnn oonn oonn ooon', (target) => ({ ...about(target), body: 'Well' }))
};

// Operations keep the contact points of the clients they work for, and no other facts.
const clients: Record<string, Expectation> = {
  'clients.list': free('o o o o'),
  'clients.search': free('o o o o', () => ({ q: 'client' })),
  'clients.duplicates': free('o f o o', () => ({ name: 'Client' })),
  'clients.create': free('o f o o', () => ({
    kind: 'individual',
    name: 'Somebody',
    panExemptReason: 'Abroad'
  })),
  'clients.byId': on('client', 'onnn oonn oonn ooon', ({ clientId }) => ({ id: clientId })),
  'clients.timeline': on('client', 'onnn oonn oonn ooon', ofClient()),
  'clients.update': on('client', 'onnn ffnn oonn ooon', ({ clientId }) => ({
    id: clientId,
    version: 1,
    organisation: 'Ltd'
  })),
  'clients.assign': on('client', 'ffff ffff oonn ooon', ({ clientId }, firm) => ({
    id: clientId,
    secondaryRmId: firm.rm2.userId
  })),
  'clients.revealPan': on('client', 'rnnn rfnn rrnn rrrn', ({ clientId }) => ({ id: clientId })),
  'clients.setTags': on('client', 'onnn ffnn oonn ooon', ofClient({ tags: ['vip'] })),
  'clients.addNote': on('client', 'onnn ofnn oonn ooon', ofClient({ body: 'Likes tea' })),
  'clients.contactPoints.add': on('client', 'onnn ofnn oonn ooon', ({ clientId }) => ({
    clientId,
    kind: 'email',
    value: `new${++entered}@client.test`
  })),
  'clients.contactPoints.remove': on('point', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId
  })),
  'clients.contactPoints.setPrimary': on('point', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId
  })),
  'clients.addresses.add': on('client', 'onnn ofnn oonn ooon', ofClient({ city: 'Goa' })),
  'clients.addresses.update': on('address', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({
    id,
    clientId,
    city: 'Goa'
  })),
  'clients.addresses.remove': on('address', 'onnn ofnn oonn ooon', ({ id, clientId }) => ({ id, clientId }))
};

const ofTheClient: Record<string, Expectation> = {
  'holdings.list': on('client', 'onnn oonn oonn ooon', ofClient()),
  'holdings.add': on('client', 'onnn ofnn oonn ooon', ofClient({ productName: 'Old fund' })),
  'holdings.update': on('holding', 'onnn ofnn oonn ooon', acting({ version: 1, folio: 'F-1' })),
  'interactions.list': free('o o o o'),
  'interactions.log': on(
    'client',
    'onnn ofnn oonn ooon',
    ofClient({ channel: 'call', direction: 'outbound', subject: 'Hello' })
  ),
  'clocks.forSubject': on('query', 'onnn oonn oonn ooon', ({ id }) => ({ kind: 'query', id })),
  'clocks.explain': on('clock', 'onnn oonn oonn ooon', byId)
};

const administration: Record<string, Expectation> = {
  'admin.jobs.list': free('f f f o'),
  'admin.jobs.runs': free('f f f o'),
  'admin.jobs.run': free('f f f o', () => ({ name: 'housekeeping' })),
  'admin.jobs.retry': free('f f f n', byId),
  'admin.outbox.list': free('f f f o'),
  'admin.outbox.byId': free('f f f n', byId),
  'admin.outbox.sendAgain': free('f f f n', byId),
  'catalogue.list': free('o o o o'),
  'catalogue.search': free('o o o o', () => ({ q: 'fund' })),
  'catalogue.byId': on('product', 'ooon ooon ooon ooon', byId),
  'catalogue.create': free('f f f o', () => ({ name: `Scheme ${++entered}` })),
  'catalogue.update': on('product', 'ffff ffff ffff ooon', acting({ version: 1 }))
};

const everybody: Record<string, Expectation> = {
  'auth.login': open('u', 'u u u u', () => ({
    email: `nobody${++entered}@firm.test`,
    password: 'wrong wrong wrong'
  })),
  'auth.logout': open('o', 'o o o o', () => undefined),
  'auth.invitation': open('n', 'n n n n', () => ({ token: 'x'.repeat(43) })),
  'auth.acceptInvitation': open('n', 'n n n n', () => ({
    token: 'x'.repeat(43),
    password: 'correct horse battery'
  })),
  'auth.me': free('o o o o', () => undefined),
  'auth.changePassword': free('r r r r', () => ({ current: 'wrong', password: 'correct horse battery' })),
  'auth.sessions.list': free('o o o o', () => undefined),
  'auth.sessions.revoke': free('n n n n', () => ({ id: '0'.repeat(64) })),
  'home.frame': free('o o o o'),
  'home.today': free('o o o o'),
  'notifications.list': free('o o o o'),
  'notifications.markRead': free('o o o o'),
  'people.list': free('o o o o'),
  'people.options': free('o o o o'),
  'reports.pipeline': free('o o o o'),
  'settings.lists': free('o o o o'),
  'teams.list': free('o o o o')
};

export const EXPECTATIONS: Record<string, Expectation> = {
  ...leads,
  ...queries,
  ...requests,
  ...comments,
  ...clients,
  ...ofTheClient,
  ...administration,
  ...everybody
};
