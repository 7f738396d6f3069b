import { listRuns } from '#lib/admin/runs.server.ts';
import { listClients } from '#lib/clients/list.server.ts';
import { listQueries } from '#lib/desk/query-reads.server.ts';
import { listRequests } from '#lib/desk/request-reads.server.ts';
import { listLeads } from '#lib/leads/list.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor } from '#lib/platform/db/transactions.server.ts';
import { listMail } from '#lib/platform/mail/history.server.ts';
import { MAIL_STATES } from '#lib/platform/mail/states.ts';
import { escalationsReport } from '#lib/reports/escalations.server.ts';
import { filterIn } from '#lib/reports/links.ts';
import { escalationsInput, promisesInput } from '#lib/reports/model.ts';
import { promisesReport } from '#lib/reports/promises.server.ts';
import { wantedIn as runsIn } from '../../src/routes/(app)/admin/jobs/filters.ts';
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
  const { total, items } = await asActor(actor, async (tx): Promise<Listed> => {
    const limit = 100;
    if (url.pathname === '/queries') return listQueries(tx, actor, { filter: queriesIn(url).filter, limit });
    if (url.pathname === '/requests')
      return listRequests(tx, actor, { filter: requestsIn(url).filter, limit });
    if (url.pathname === '/leads') return listLeads(tx, actor, { filter: filterOf(shownIn(url)), limit });
    if (url.pathname === '/clients') return listClients(tx, actor, { filter: clientsIn(url).filter, limit });
    if (url.pathname === '/admin/jobs')
      return listRuns(tx, { filter: runsIn(url).filter, every: true, limit });
    if (url.pathname === '/admin/outbox') {
      const state = MAIL_STATES.find((one) => one === url.searchParams.get('state'));
      return listMail(tx, { filter: { state }, limit });
    }
    if (url.pathname === '/reports/promises') {
      const { headlines } = await promisesReport(tx, actor, filterIn(promisesInput, url));
      return { total: Number(headlines.find(({ key }) => key === 'ended')?.value), items: [] };
    }
    if (url.pathname === '/reports/escalations') {
      const { headlines } = await escalationsReport(tx, actor, filterIn(escalationsInput, url));
      return { total: Number(headlines.find(({ key }) => key === 'steps')?.value), items: [] };
    }
    throw new Error(`There is no list at ${path}`);
  });
  return { total, paths: items.map(({ id }) => `${url.pathname}/${id}`) };
}
