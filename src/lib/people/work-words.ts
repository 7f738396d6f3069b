/** What somebody holds, counted. */
export interface WorkCounted {
  clients: number;
  secondary: number;
  contacts: number;
  leads: number;
  queries: number;
  requests: number;
}

/** The kinds of which there are any, each with the list that shows them where there is one. */
export function workLines(work: WorkCounted, userId: number, client: 'client' | 'customer') {
  const of = (count: number, one: string, many: string, href?: string) => ({
    count,
    label: count === 1 ? one : many,
    href
  });
  return [
    of(work.clients, `${client} as main contact`, `${client}s as main contact`, `/clients?rm=${userId}`),
    of(work.secondary, `${client} as second contact`, `${client}s as second contact`),
    of(work.contacts, 'planned contact', 'planned contacts'),
    of(work.leads, 'open lead', 'open leads', `/leads?rm=${userId}`),
    of(work.queries, 'open query', 'open queries', `/queries?rm=${userId}`),
    of(work.requests, 'open service request', 'open service requests', `/requests?assignee=${userId}`)
  ].filter(({ count }) => count > 0);
}
