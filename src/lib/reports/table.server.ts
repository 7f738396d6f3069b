import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { ageingReport } from './ageing.server.ts';
import { escalationsReport } from './escalations.server.ts';
import type { ExportReportInput } from './model.ts';
import { pipelineReport } from './pipeline.server.ts';
import { promisesReport } from './promises.server.ts';
import { referralsReport } from './referrals.server.ts';
import { reviewsReport } from './reviews.server.ts';
import type { ReportTable } from './table.ts';

const READ = {
  promises: promisesReport,
  ageing: ageingReport,
  escalations: escalationsReport,
  reviews: reviewsReport,
  referrals: referralsReport
};

/** One table of a report, with the figures of its page. NotFound where the report has none of that key. */
export async function reportTable(tx: Tx, actor: Actor, input: ExportReportInput): Promise<ReportTable> {
  const { tables } =
    input.report === 'pipeline'
      ? await pipelineReport(tx, input.filter)
      : await READ[input.report](tx, actor, input.filter);
  const table = tables.find(({ key }) => key === input.table);
  if (!table) throw new NotFound();
  return table;
}
