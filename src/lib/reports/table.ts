import type { Narrowing } from './model.ts';

/** What a column's numbers are. Minutes are those of the clock they come from. */
export type Unit = 'count' | 'money' | 'minutes' | 'days' | 'percent' | 'change' | 'moneyChange';

/** What the rows behind a figure must come to. */
export type Measure = 'count' | 'value' | 'ours' | 'client' | 'thirdParty' | 'leads' | 'share' | 'days';

export interface Figure {
  /** Money as a numeric string; percents as fractions; null where there is nothing to divide. */
  value: number | string | null;
  /** The rows behind it: of a share or an average those it is of. None for what compares two figures. */
  rows?: Narrowing;
  /** What of those rows adds up to it: their number when left out. */
  measure?: Measure;
}

export interface ReportColumn {
  key: string;
  label: string;
  unit: Unit;
  /** There is nothing to compare with: it is empty in the file, whose columns stay the same, and left off the page. */
  empty?: boolean;
}

export interface ReportRow {
  key: string;
  /** What the row is about; null where it is nobody's. */
  label: string | null;
  /** Said instead of a missing label. */
  none?: string;
  /** The page of what it is about. */
  href?: string;
  /** Of somebody who has left. */
  former?: boolean;
  figures: Record<string, Figure>;
}

/** How a table is drawn: which of its columns are the series. */
export interface ChartOf {
  kind: 'line' | 'stacked' | 'bars' | 'funnel';
  columns: string[];
  /** Title of the axis of values. */
  axis: string;
}

/** A table of a report. Its chart and its file show the same numbers. */
export interface ReportTable {
  key: string;
  title: string;
  /** A sentence on how it is counted. */
  note?: string;
  /** The labels of its rows are firm dates. */
  dates?: boolean;
  /** Heading of the first column. */
  about: string;
  columns: ReportColumn[];
  rows: ReportRow[];
  chart?: ChartOf;
}

/** A headline figure. */
export interface Headline extends Figure {
  key: string;
  label: string;
  unit: Unit;
  detail?: string;
  tone?: 'good' | 'warn' | 'bad';
}
