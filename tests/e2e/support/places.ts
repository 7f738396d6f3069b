import { STEPS, type StepName } from '#lib/desk/steps.ts';
import { REPORTS } from '#lib/reports/names.ts';
import { LEAD_STEPS, type LeadStep } from '#lib/leads/steps.ts';
import { RECORD_STEPS, type RecordStep } from '../../../src/routes/(app)/clients/[id=id]/steps.ts';
import type { Samples } from './samples.ts';

/** Administrator, head, RM, operations executive. */
export type Role = 'A' | 'H' | 'R' | 'O';

export interface Place {
  /** Who may open it; the first one's page is looked at thoroughly. */
  for: string;
  /** Its address where the route needs a record, and its other states. */
  at?: (ids: Samples) => string[];
  /** Steps that a link on the page opens as a dialog: address of the page, then of the step. */
  steps?: (ids: Samples) => [page: string, step: string][];
}

const LEAD_IN: Record<LeadStep, keyof Samples['lead']> = {
  assign: 'wip',
  contact: 'wip',
  followUp: 'wip',
  convert: 'wip',
  deny: 'wip',
  reopen: 'denied'
};
const QUERY_STEPS: Partial<Record<StepName, keyof Samples['query']>> = {
  assign: 'wip',
  resolve: 'wip',
  reopen: 'resolved'
};
const REQUEST_STEPS: Partial<Record<StepName, keyof Samples['request']>> = {
  assign: 'wip',
  wait: 'wip',
  complete: 'ready',
  reject: 'wip',
  reopen: 'completed'
};
const PART_OF: Partial<Record<RecordStep, (ids: Samples) => string>> = {
  removeContact: ({ contactPoint }) => `&part=${contactPoint}`,
  removeAddress: ({ address }) => `&part=${address}`
};

const opened = (page: string, steps: readonly string[]): [string, string][] =>
  steps.map((step) => [page, `${page}?step=${step}`]);

/** Every page behind the sign-in, by its route. A page that is missing here fails the tour. */
export const PLACES: Record<string, Place> = {
  '/': { for: 'RAHO' },
  '/admin/audit': { for: 'A' },
  '/admin/audit/[id=id]': { for: 'A', at: ({ audit }) => [`/admin/audit/${audit}`] },
  '/admin/calendars': { for: 'A' },
  '/admin/calendars/[id=id]': {
    for: 'A',
    at: ({ calendar }) => [`/admin/calendars/${calendar}`, `/admin/calendars/${calendar}?year=2027`]
  },
  '/admin/calendars/new': { for: 'A' },
  '/admin/jobs': { for: 'A' },
  '/admin/lists': { for: 'A' },
  '/admin/outbox': { for: 'A' },
  '/admin/outbox/[id=id]': { for: 'A', at: ({ mail }) => [`/admin/outbox/${mail}`] },
  '/admin/policies': {
    for: 'A',
    at: () => ['/admin/policies', '/admin/policies?kind=request&priority=urgent']
  },
  '/admin/policies/[id=id]': { for: 'A', at: ({ policy }) => [`/admin/policies/${policy}`] },
  '/admin/policies/new': {
    for: 'A',
    at: () => ['/admin/policies/new', '/admin/policies/new?kind=client']
  },
  '/admin/request-types': { for: 'A' },
  '/admin/request-types/[id=id]': {
    for: 'A',
    at: ({ requestType }) => [`/admin/request-types/${requestType}`]
  },
  '/admin/request-types/[id=id]/edit': {
    for: 'A',
    at: ({ requestType }) => [`/admin/request-types/${requestType}/edit`]
  },
  '/admin/request-types/new': { for: 'A' },
  '/admin/roles': { for: 'A' },
  '/admin/roles/[id=id]': { for: 'A', at: ({ role }) => [`/admin/roles/${role}`] },
  '/admin/roles/[id=id]/edit': { for: 'A', at: ({ role }) => [`/admin/roles/${role}/edit`] },
  '/admin/roles/new': {
    for: 'A',
    at: ({ role }) => ['/admin/roles/new', `/admin/roles/new?copy=${role}`]
  },
  '/admin/roles/preview': { for: 'A' },
  '/admin/settings': { for: 'A' },
  '/admin/teams': { for: 'AHRO' },
  '/admin/teams/[id=id]': { for: 'AHRO', at: ({ team }) => [`/admin/teams/${team}`] },
  '/admin/teams/[id=id]/edit': { for: 'A', at: ({ team }) => [`/admin/teams/${team}/edit`] },
  '/admin/teams/new': { for: 'A' },
  '/admin/users': { for: 'AHRO' },
  '/admin/users/[id=id]': { for: 'AHRO', at: ({ colleague }) => [`/admin/users/${colleague}`] },
  '/admin/users/[id=id]/deactivate': {
    for: 'A',
    at: ({ colleague }) => [`/admin/users/${colleague}/deactivate`]
  },
  '/admin/users/[id=id]/edit': { for: 'A', at: ({ colleague }) => [`/admin/users/${colleague}/edit`] },
  '/admin/users/[id=id]/leave': { for: 'HA', at: ({ colleague }) => [`/admin/users/${colleague}/leave`] },
  '/admin/users/new': { for: 'A' },
  '/catalogue': { for: 'AHRO' },
  '/catalogue/[id=id]': {
    for: 'AHRO',
    at: ({ product }) => [`/catalogue/${product}`],
    steps: ({ product }) => opened(`/catalogue/${product}`, ['remove'])
  },
  '/catalogue/[id=id]/edit': { for: 'A', at: ({ product }) => [`/catalogue/${product}/edit`] },
  '/catalogue/new': { for: 'A' },
  '/clients': { for: 'RAHO' },
  '/clients/[id=id]': {
    for: 'HARO',
    at: ({ client }) => [`/clients/${client}`],
    steps: (ids) =>
      RECORD_STEPS.filter((step) => step !== 'delete').map((step) => [
        `/clients/${ids.client}`,
        `/clients/${ids.client}?step=${step}${PART_OF[step]?.(ids) ?? ''}`
      ])
  },
  '/clients/[id=id]/edit': { for: 'RAH', at: ({ client }) => [`/clients/${client}/edit`] },
  '/clients/[id=id]/history': { for: 'RAHO', at: ({ client }) => [`/clients/${client}/history`] },
  '/clients/[id=id]/holdings': { for: 'RAHO', at: ({ client }) => [`/clients/${client}/holdings`] },
  '/clients/[id=id]/merge': {
    for: 'A',
    at: ({ client, otherClient }) => [
      `/clients/${client}/merge`,
      `/clients/${client}/merge?with=${otherClient}`
    ]
  },
  '/clients/new': { for: 'RAH' },
  '/digests': { for: 'RAHO' },
  '/digests/[id=id]': { for: 'R', at: ({ digest }) => [`/digests/${digest}`] },
  '/duplicates': { for: 'HARO' },
  '/duplicates/[id=id]': { for: 'HA', at: ({ duplicate }) => [`/duplicates/${duplicate}`] },
  '/handovers': { for: 'HA' },
  '/handovers/[id=id]': { for: 'HA', at: ({ handover }) => [`/handovers/${handover}`] },
  '/handovers/new': {
    for: 'HA',
    at: ({ colleague, namesake, rm }) => [
      '/handovers/new',
      `/handovers/new?from=${rm}&to=${colleague}&to=${namesake}&what=clients&what=leads&what=queries`
    ]
  },
  '/holdings/[id=id]': {
    for: 'RAHO',
    at: ({ holding }) => [`/holdings/${holding}`],
    steps: ({ holding }) => opened(`/holdings/${holding}`, ['redeem', 'close'])
  },
  '/holdings/[id=id]/edit': { for: 'RAHO', at: ({ holding }) => [`/holdings/${holding}/edit`] },
  '/interactions': { for: 'RAHO' },
  '/interactions/[id=id]': {
    for: 'RAHO',
    at: ({ interaction, review }) => [`/interactions/${interaction}`, `/interactions/${review}`]
  },
  '/interactions/[id=id]/edit': {
    for: 'RAH',
    at: ({ interaction, review }) => [`/interactions/${interaction}/edit`, `/interactions/${review}/edit`]
  },
  '/interactions/new': {
    for: 'RAHO',
    at: ({ client }) => ['/interactions/new', `/interactions/new?client=${client}`]
  },
  '/interactions/review': {
    for: 'RAHO',
    at: ({ client }) => ['/interactions/review', `/interactions/review?client=${client}`]
  },
  '/leads': { for: 'HAR', at: () => ['/leads', '/leads?view=board'] },
  '/leads/[id=id]': {
    for: 'HAR',
    at: ({ lead }) => Object.values(lead).map((id) => `/leads/${id}`),
    steps: ({ lead }) =>
      LEAD_STEPS.map((step) => [
        `/leads/${lead[LEAD_IN[step]]}`,
        `/leads/${lead[LEAD_IN[step]]}?step=${step}`
      ])
  },
  '/leads/[id=id]/edit': { for: 'RAH', at: ({ lead }) => [`/leads/${lead.wip}/edit`] },
  '/leads/new': { for: 'RAH' },
  '/me': { for: 'RAHO' },
  '/me/notifications': { for: 'RAHO' },
  '/notifications': { for: 'RAHO' },
  '/notifications/[id=id]': { for: 'R', at: ({ notification }) => [`/notifications/${notification}`] },
  '/queries': { for: 'HARO', at: () => ['/queries', '/queries?view=board'] },
  '/queries/[id=id]': {
    for: 'HARO',
    at: ({ query }) => Object.values(query).map((id) => `/queries/${id}`),
    steps: ({ query }) => stepsOf('/queries', query, QUERY_STEPS)
  },
  '/queries/[id=id]/edit': { for: 'RAH', at: ({ query }) => [`/queries/${query.wip}/edit`] },
  '/queries/new': { for: 'RAH' },
  '/reports': { for: 'HARO' },
  '/reports/[report=report]': { for: 'HARO', at: () => REPORTS.map((name) => `/reports/${name}`) },
  '/reports/pipeline': { for: 'AHRO' },
  '/reports/rows': {
    for: 'HARO',
    at: () =>
      ['promises', 'ageing', 'escalations', 'reviews', 'referrals'].map((of) => `/reports/rows?of=${of}`)
  },
  '/requests': { for: 'OAHR', at: () => ['/requests', '/requests?view=board'] },
  '/requests/[id=id]': {
    for: 'AOHR',
    at: ({ request }) => Object.values(request).map((id) => `/requests/${id}`),
    steps: ({ request }) => stepsOf('/requests', request, REQUEST_STEPS)
  },
  '/requests/[id=id]/edit': { for: 'OAH', at: ({ request }) => [`/requests/${request.wip}/edit`] },
  '/requests/new': { for: 'RAHO' },
  '/search': { for: 'RAHO', at: () => ['/search', '/search?q=sharma'] },
  '/views': { for: 'RAHO', at: () => ['/views', '/views?module=requests&params=priority%3Dhigh'] }
};

function stepsOf<State extends string>(
  list: string,
  ids: Record<State, number>,
  states: Partial<Record<StepName, State>>
): [string, string][] {
  return STEPS.flatMap((step): [string, string][] => {
    const state = states[step];
    return state ? opened(`${list}/${ids[state]}`, [step]) : [];
  });
}
