import { error } from '@sveltejs/kit';
import { csvAnswer } from '#lib/exports/answer.server.ts';
import { filterIn } from '#lib/reports/links.ts';
import { exportReportInput, pipelineInput, reportInputs } from '#lib/reports/model.ts';
import { REPORTS } from '#lib/reports/names.ts';
import { queryOf } from '#lib/ui/query.ts';
import { refusedPeriod } from '../refused.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { api, actor }, url }) => {
  const query = queryOf(url);
  const report = query.oneOf('report', [...REPORTS, 'pipeline']);
  const filter = filterIn(
    report === undefined || report === 'pipeline' ? pipelineInput : reportInputs[report],
    url
  );
  const wanted = exportReportInput.safeParse({ report, table: query.text('table'), filter });
  if (!wanted.success) error(404);
  return api.exports.report(wanted.data).then(
    (file) => csvAnswer(actor, file),
    (thrown: unknown) => new Response(`${refusedPeriod(thrown)}.\n`, { status: 400 })
  );
};
