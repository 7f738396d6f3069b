import type { RecordKind } from './oracle.ts';

/** How a query of the router is tried: what it may answer is then compared with what the person sees. */
export type Trial =
  /** By the id of each record: there for whoever sees it, missing for the others. */
  | { by: 'record'; kind: RecordKind; input: (id: number) => unknown; permission?: string }
  /** Page by page: exactly the rows that the person sees, and their number. */
  | { by: 'pages'; kind: RecordKind; input?: object }
  /** By column: as many cards as he sees records in these states, and none he does not see. */
  | { by: 'board'; kind: RecordKind }
  /** By the id of each person. */
  | { by: 'person'; input: (userId: number) => unknown }
  /** Once with each input: nothing in the answer may be of a record he does not see. */
  | { by: 'inputs'; inputs: unknown[] }
  /** Names nobody's client, lead or work. */
  | { by: 'nothing' };

const record = (kind: RecordKind, input: (id: number) => unknown = (id) => ({ id })): Trial => ({
  by: 'record',
  kind,
  input
});
const pages = (kind: RecordKind, input: object = {}): Trial => ({ by: 'pages', kind, input });
const inputs = (...all: unknown[]): Trial => ({ by: 'inputs', inputs: all });
const board = (kind: RecordKind): Trial => ({ by: 'board', kind });
const person = (input: (userId: number) => unknown): Trial => ({ by: 'person', input });
const nothing: Trial = { by: 'nothing' };
const searches = ['cl', 'ld', 'qr', 'sr', '1', 'x'].map((q) => ({ q }));

/** Every query there is. */
export const READS: Record<string, Trial> = {
  'admin.audit.byId': nothing,
  'admin.audit.list': nothing,
  'admin.audit.people': nothing,
  'admin.jobs.list': nothing,
  'admin.jobs.queues': nothing,
  'admin.jobs.runs': nothing,
  'admin.outbox.byId': nothing,
  'admin.outbox.list': nothing,
  'auth.invitation': nothing,
  'auth.me': nothing,
  'auth.sessions.list': nothing,
  'calendars.byId': nothing,
  'calendars.list': nothing,
  'catalogue.byId': nothing,
  'catalogue.choices': nothing,
  'catalogue.list': nothing,
  'catalogue.search': nothing,
  'clients.byId': record('clients'),
  'clients.compare': inputs({ id: 1, otherId: 2 }),
  'clients.dependents': record('clients'),
  'clients.duplicates': inputs({ name: 'cl' }, { phone: '+919800000001' }),
  'clients.facets': nothing,
  'clients.history': record('clients', (clientId) => ({ clientId })),
  'clients.list': pages('clients'),
  'clients.movedTo': nothing,
  'clients.search': inputs(...searches),
  'clients.tags': nothing,
  'clients.timeline': record('clients', (clientId) => ({ clientId })),
  'clocks.explain': nothing,
  'clocks.forSubject': record('queries', (id) => ({ kind: 'query', id })),
  'comments.list': record('queries', (id) => ({ filter: { subjectKind: 'query', subjectId: id } })),
  'comments.mentionable': record('queries', (id) => ({ subjectKind: 'query', subjectId: id })),
  'digests.byId': nothing,
  'digests.list': nothing,
  'digests.preview': inputs({}),
  'duplicates.byId': nothing,
  'duplicates.list': inputs({}),
  'duplicates.own': inputs({}),
  'handover.byId': nothing,
  'handover.list': inputs({}),
  'handover.preview': person((fromId) => ({
    fromId,
    toIds: [fromId === 1 ? 2 : 1],
    parts: ['clients', 'secondary', 'contacts', 'leads', 'queries', 'requests']
  })),
  'holdings.byId': record('holdings'),
  'holdings.list': pages('holdings'),
  'holdings.totals': record('clients', (clientId) => ({ clientId })),
  'home.frame': inputs({}),
  'home.today': inputs({}),
  'interactions.byId': record('interactions'),
  'interactions.context': record('clients', (clientId) => ({ clientId })),
  'interactions.linkable': record('clients', (clientId) => ({ clientId, kind: 'query' })),
  'interactions.list': pages('interactions'),
  'leads.board': board('leads'),
  'leads.byId': record('leads'),
  'leads.list': pages('leads'),
  'leads.matches': record('leads'),
  'notifications.about': record('queries', (id) => ({ kind: 'query', id })),
  'notifications.byId': nothing,
  'notifications.choices': inputs({}),
  'notifications.list': inputs({}),
  'notifications.muted': inputs({}),
  'people.byId': nothing,
  'people.list': nothing,
  'people.me': nothing,
  'people.options': nothing,
  'people.roles': nothing,
  'people.work': nothing,
  'policies.byId': nothing,
  'policies.choices': nothing,
  'policies.list': nothing,
  'policies.match': nothing,
  'queries.board': board('queries'),
  'queries.byId': record('queries'),
  'queries.list': pages('queries'),
  'reports.ageing': inputs({}, { team: 1 }, { person: 'none' }),
  'reports.escalations': inputs({}),
  'reports.overview': inputs({}),
  'reports.pipeline': inputs({}, { groupBy: 'rm' }),
  'reports.promises': inputs({}, { kind: 'request' }),
  'reports.referrals': inputs({}, { from: '2020-01-01' }),
  'reports.reviews': inputs({}),
  'reports.rows': inputs(
    ...['promises', 'ageing', 'escalations', 'reviews', 'referrals', 'pipeline'].map((of) => ({
      of,
      limit: 100
    })),
    { of: 'reviews', coverage: 'any', limit: 100 }
  ),
  'requestTypes.byId': nothing,
  'requestTypes.list': nothing,
  'requests.board': board('service_requests'),
  'requests.byId': record('service_requests'),
  'requests.list': pages('service_requests'),
  'requests.types': nothing,
  'reviews.byId': nothing,
  'roles.byId': nothing,
  'roles.list': nothing,
  'search.everything': inputs(...searches),
  'settings.brand': nothing,
  'settings.firm': nothing,
  'settings.lists': nothing,
  'settings.logo': nothing,
  'settings.managedLists': nothing,
  'teams.byId': nothing,
  'teams.heads': nothing,
  'teams.list': nothing,
  'teams.work': nothing,
  'views.list': inputs({ filter: { module: 'leads' } })
};
