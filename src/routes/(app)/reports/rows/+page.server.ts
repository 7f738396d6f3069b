import { filterIn } from '#lib/reports/links.ts';
import { rowsInput } from '#lib/reports/model.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const { cursor, of = 'promises', ...narrowing } = filterIn(rowsInput, url);
  const filter = { ...narrowing, of };
  return { filter, rows: await api.reports.rows({ ...filter, cursor }) };
};
