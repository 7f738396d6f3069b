import { leadReaderOf } from '#lib/leads/whose.ts';
import { filterIn } from '#lib/reports/links.ts';
import { leadsHref } from '#lib/reports/lead-links.ts';
import { rowsInput } from '#lib/reports/model.ts';
import { filterOf, shownIn } from '../../leads/filters.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  const { cursor, of = 'promises', ...narrowing } = filterIn(rowsInput, url);
  const filter = { ...narrowing, of };
  const rows = await api.reports.rows({ ...filter, cursor });
  const reader = of === 'pipeline' && actor?.grants['leads.view'] ? leadReaderOf(actor) : null;
  if (!reader || !rows.period) return { filter, rows, reader, leads: null };
  const { from, to } = rows.period;
  const href = leadsHref({ ...filter, from, to }, reader);
  const { total, totalIsEstimate } = await api.leads.list({
    filter: filterOf(shownIn(new URL(href, url))),
    limit: 1
  });
  return { filter, rows, reader, leads: { href, total, totalIsEstimate } };
};
