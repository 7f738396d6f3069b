import { REPORTS } from '#lib/reports/names.ts';
import { error } from '@sveltejs/kit';
import { readReport } from '../read.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const name = REPORTS.find((one) => one === params.report);
  if (!name) error(404);
  return { name, ...(await readReport(api, name, url)) };
};
