import { leadReaderOf } from '#lib/leads/whose.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { filterIn } from '#lib/reports/links.ts';
import { leadsHref } from '#lib/reports/lead-links.ts';
import { rowsInput, type RowsInput } from '#lib/reports/model.ts';
import { filterOf, shownIn } from '../../leads/filters.ts';
import { refusedPeriod } from '../refused.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  const { cursor, of = 'promises', ...narrowing } = filterIn(rowsInput, url);
  const filter = { ...narrowing, of };
  const { rows, refused } = await rowsOf(api, { ...filter, cursor });
  if (!rows) return { filter, refused, rows: null, reader: null, leads: null };
  const reader = of === 'pipeline' && actor?.grants['leads.view'] ? leadReaderOf(actor) : null;
  if (!reader || !rows.period) return { filter, refused, rows, reader, leads: null };
  const { from, to } = rows.period;
  const href = leadsHref({ ...filter, from, to }, reader);
  const { total, totalIsEstimate } = await api.leads.list({
    filter: filterOf(shownIn(new URL(href, url))),
    limit: 1
  });
  return { filter, refused, rows, reader, leads: { href, total, totalIsEstimate } };
};

/** What is behind the figure, or what is wrong with the period that was asked for. */
async function rowsOf(api: Api, input: RowsInput) {
  try {
    return { rows: await api.reports.rows(input), refused: null };
  } catch (thrown) {
    return { rows: null, refused: refusedPeriod(thrown) };
  }
}
