import { filterIn } from '#lib/reports/links.ts';
import { reportInputs, type ReportFilter } from '#lib/reports/model.ts';
import type { ReportName } from '#lib/reports/names.ts';
import type { Report } from '#lib/reports/report.server.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';

/** The report as its address narrows it. */
export async function readReport(
  api: Api,
  name: ReportName,
  url: URL
): Promise<{ filter: ReportFilter; report: Report }> {
  const filter: ReportFilter = filterIn(reportInputs[name], url);
  return { filter, report: await api.reports[name](filter) };
}
