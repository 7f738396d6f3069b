import { HOLDING_STATUSES } from '#lib/holdings/model.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const clientId = Number(params.id);
  const query = queryOf(url);
  const status = query.oneOf('status', HOLDING_STATUSES);
  const [client, totals, holdings] = await Promise.all([
    api.clients.byId({ id: clientId }),
    api.holdings.totals({ clientId }),
    api.holdings.list({ clientId, filter: { status }, cursor: query.cursor })
  ]);
  const { id, name, number, can } = client;
  return { client: { id, name, number, canAdd: can.addHolding }, status, totals, holdings };
};
