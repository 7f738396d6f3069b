import { listClients } from '#lib/clients/list.server.ts';
import { listQueries } from '#lib/desk/query-reads.server.ts';
import { listRequests } from '#lib/desk/request-reads.server.ts';
import { listLeads } from '#lib/leads/list.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor } from '#lib/platform/db/transactions.server.ts';
import { wantedIn as clientsIn } from '../../src/routes/(app)/clients/filters.ts';
import { filterOf, shownIn } from '../../src/routes/(app)/leads/filters.ts';
import { wantedIn as queriesIn } from '../../src/routes/(app)/queries/filters.ts';
import { wantedIn as requestsIn } from '../../src/routes/(app)/requests/filters.ts';

interface Listed {
  total: number;
  items: { id: number }[];
}

/** What the page of a list shows an actor at this path: how many, and the pages of the first hundred. */
export async function rowsBehind(actor: Actor, path: string): Promise<{ total: number; paths: string[] }> {
  const url = new URL(path, 'https://rapport.test');
  const { total, items } = await asActor(actor, (tx): Promise<Listed> => {
    const limit = 100;
    if (url.pathname === '/queries') return listQueries(tx, actor, { filter: queriesIn(url).filter, limit });
    if (url.pathname === '/requests')
      return listRequests(tx, actor, { filter: requestsIn(url).filter, limit });
    if (url.pathname === '/leads') return listLeads(tx, actor, { filter: filterOf(shownIn(url)), limit });
    if (url.pathname === '/clients') return listClients(tx, actor, { filter: clientsIn(url).filter, limit });
    throw new Error(`There is no list at ${path}`);
  });
  return { total, paths: items.map(({ id }) => `${url.pathname}/${id}`) };
}
