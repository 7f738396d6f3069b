import type { Tone } from '#lib/ui/tone.ts';
import type { Point, Series } from '#lib/ui/chart.ts';
import type { Figure, Measure, ReportColumn, ReportRow, ReportTable } from './table.ts';

const MOST_ROWS = 200;
const MOST_DRAWN = 12;

/** The rows a page shows of a table; its file has them all. */
export const shownRows = ({ rows }: ReportTable): ReportRow[] => rows.slice(0, MOST_ROWS);

/** The columns a page shows. */
export const shownColumns = ({ columns }: ReportTable): ReportColumn[] =>
  columns.filter(({ empty }) => !empty);

const COUNTS = new Set<Measure | undefined>([undefined, 'count', 'value', 'leads']);

/** Whether there are rows to see: behind a count of nothing there are none, behind a share of 0 % there are. */
export const opens = ({ value, rows, measure }: Figure): boolean =>
  rows !== undefined && value !== null && (Number(value) !== 0 || !COUNTS.has(measure));

/** As many rows a phone shows at first. */
const FEW = 6;

/**
 * The keys of the rows to begin with where there is little room: the latest dates, else those that come to most. Null
 * where all of them are few.
 */
export function fewOf(table: ReportTable, rows: readonly ReportRow[]): Set<string> | null {
  if (rows.length <= FEW + 2) return null;
  const size = ({ figures }: ReportRow) => Number(figures[table.columns[0]?.key ?? '']?.value ?? 0);
  const first = table.dates ? rows.slice(-FEW) : rows.toSorted((a, b) => size(b) - size(a)).slice(0, FEW);
  return new Set(first.map(({ key }) => key));
}

const TONES: Record<string, Tone> = {
  kept: 'good',
  late: 'bad',
  rate: 'accent',
  ours: 'accent',
  client: 'warn',
  thirdParty: 'info',
  warning: 'warn',
  breach: 'bad',
  escalation: 'info',
  in_time: 'good',
  overdue: 'bad',
  coming: 'info',
  planned: 'good',
  unplanned: 'warn',
  converted: 'good',
  denied: 'bad',
  open: 'accent',
  before: 'neutral',
  leads: 'accent',
  none: 'neutral',
  week: 'info',
  month: 'accent',
  quarter: 'warn',
  longer: 'bad',
  day: 'warn'
};

export function seriesOf({ chart, columns }: ReportTable): Series[] {
  return (chart?.columns ?? []).flatMap((key) => {
    const column = columns.find((one) => one.key === key);
    return column ? [{ key, label: column.label, tone: TONES[key] ?? 'accent' }] : [];
  });
}

/** The points of a table's chart, minutes as hours; of names only those with most. */
export function pointsOf(table: ReportTable, labelOf: (row: ReportRow) => string): Point[] {
  const series = seriesOf(table);
  const valueOf = (row: ReportRow, key: string) => {
    const value = row.figures[key]?.value ?? null;
    const inMinutes = table.columns.some((column) => column.key === key && column.unit === 'minutes');
    return value === null ? null : Number(value) / (inMinutes ? 60 : 1);
  };
  const points = table.rows.map((row) => ({
    label: labelOf(row),
    values: Object.fromEntries(series.map(({ key }) => [key, valueOf(row, key)]))
  }));
  if (table.dates || points.length <= MOST_DRAWN) return points;
  const size = ({ values }: Point) =>
    Object.values(values).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return points.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_DRAWN);
}
