import type { ParamMatcher } from '@sveltejs/kit';
import { REPORTS, type ReportName } from '#lib/reports/names.ts';

export const match = ((param): param is ReportName =>
  REPORTS.some((name) => name === param)) satisfies ParamMatcher;
