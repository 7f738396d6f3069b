import { filterIn } from '#lib/reports/links.ts';
import { reportInputs, type ReportFilter } from '#lib/reports/model.ts';
import type { ReportName } from '#lib/reports/names.ts';
import type { Report } from '#lib/reports/report.server.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { refusedPeriod } from './refused.server.ts';

/** The report as its address narrows it; for a period that cannot be, what is wrong with it and the usual one's. */
export async function readReport(
  api: Api,
  name: ReportName,
  url: URL
): Promise<{ filter: ReportFilter; report: Report; refused: string | null }> {
  const filter: ReportFilter = filterIn(reportInputs[name], url);
  try {
    return { filter, report: await api.reports[name](filter), refused: null };
  } catch (thrown) {
    const refused = refusedPeriod(thrown);
    const { from: _from, to: _to, ...others } = filter;
    return { filter, report: await api.reports[name](others), refused };
  }
}
