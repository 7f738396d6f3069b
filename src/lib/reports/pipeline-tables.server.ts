import { personRow, teamRow, type Directory } from './directory.server.ts';
import { differenceOf, sumOf } from './amounts.ts';
import { SOURCE_LABELS, type Narrowing, type PipelineGroup, type Source } from './model.ts';
import {
  dayAfter,
  type DatedFlow,
  type Flow,
  type GroupFlow,
  type GroupStock,
  type Stock
} from './pipeline-reads.server.ts';
import { byLabel, figure } from './report.server.ts';
import type { Figure, ReportColumn, ReportRow, ReportTable } from './table.ts';

export const NO_FLOW: Flow = { created: 0, moved: 0, converted: 0, denied: 0, won: '0', days_to_convert: 0 };

export const flowColumns: ReportColumn[] = [
  { key: 'created', label: 'Entered', unit: 'count' },
  { key: 'moved', label: 'Moved', unit: 'count' },
  { key: 'converted', label: 'Converted', unit: 'count' },
  { key: 'denied', label: 'Denied', unit: 'count' },
  { key: 'won', label: 'Value won', unit: 'money' },
  { key: 'toConvert', label: 'Time to convert', unit: 'days' }
];

/** A column that compares, where there is nothing to compare with. */
export const emptied = (column: ReportColumn): ReportColumn => ({ ...column, empty: true });

export const flowFigures = (flow: Flow, rows: Narrowing): Record<string, Figure> => ({
  created: figure(flow.created, { ...rows, flow: 'created' }, 'leads'),
  moved: figure(flow.moved, { ...rows, flow: 'moved' }, 'leads'),
  converted: figure(flow.converted, { ...rows, flow: 'converted' }, 'leads'),
  denied: figure(flow.denied, { ...rows, flow: 'denied' }, 'leads'),
  won: figure(flow.won, { ...rows, flow: 'converted' }, 'value'),
  toConvert: figure(
    flow.converted === 0 ? null : Math.round(flow.days_to_convert / flow.converted),
    { ...rows, flow: 'converted' },
    'days'
  )
});

interface Group {
  directory: Directory;
  groupBy: PipelineGroup;
  onDate: string;
  compareWith: string | null;
  /** What happened since the date compared with. */
  between: Narrowing;
}

type About = Pick<ReportRow, 'key' | 'label' | 'none' | 'former'> & { narrowing: Partial<Narrowing> };

const HEADINGS: Record<PipelineGroup, { about: string; title: string }> = {
  team: { about: 'Team', title: 'By team' },
  rm: { about: 'RM', title: 'By RM' },
  product: { about: 'Product', title: 'By product' },
  source: { about: 'Mode', title: 'By source' }
};

function aboutOf({ directory, groupBy }: Group, row: GroupStock | GroupFlow): About {
  if (groupBy === 'team') {
    const id = row.team_id ?? null;
    return { ...teamRow(directory, id), narrowing: { team: id ?? 'none' } };
  }
  if (groupBy === 'rm') {
    const id = row.person_id ?? null;
    return { ...personRow(directory, id), narrowing: { person: id ?? 'none' } };
  }
  if (groupBy === 'product') {
    const id = row.product_id ?? null;
    const label = id === null ? null : (row.product ?? null);
    return { key: `product ${id}`, label, none: 'No product', narrowing: { product: id ?? 'none' } };
  }
  const source = (row.type ?? 'none') as Source;
  return { key: source, label: SOURCE_LABELS[source], narrowing: { source } };
}

const open = (rows: Stock[]) => rows.filter(({ state }) => state === 'new' || state === 'wip');
const leadsIn = (rows: Stock[]) => rows.reduce((sum, { leads }) => sum + leads, 0);
const valueOf = (rows: Stock[]) => sumOf(rows.map(({ value }) => value));

/** Open leads of each group on both dates, and what happened in between. */
export function byGroup(group: Group, stock: GroupStock[], flows: GroupFlow[]): ReportTable {
  const { onDate, compareWith, between } = group;
  const abouts = new Map([...stock, ...flows].map((row) => [aboutOf(group, row).key, aboutOf(group, row)]));
  const rows = [...abouts.values()].map(({ narrowing, ...about }): ReportRow => {
    const own = open(stock.filter((row) => aboutOf(group, row).key === about.key));
    const now = own.filter(({ at }) => at === onDate);
    const then = own.filter(({ at }) => at === compareWith);
    const flow = flows.find((row) => aboutOf(group, row).key === about.key) ?? NO_FLOW;
    const behind: Narrowing = { of: 'pipeline', from: onDate, to: onDate, status: 'open', ...narrowing };
    const earlier: Narrowing | null =
      compareWith === null ? null : { ...behind, from: compareWith, to: compareWith };
    return {
      ...about,
      figures: {
        open: figure(leadsIn(now), behind, 'leads'),
        value: figure(valueOf(now), behind, 'value'),
        ...(earlier && {
          before: figure(leadsIn(then), earlier, 'leads'),
          more: figure(leadsIn(now) - leadsIn(then)),
          moreValue: figure(differenceOf(valueOf(now), valueOf(then)))
        }),
        ...flowFigures(flow, { ...between, ...narrowing })
      }
    };
  });
  const compared = (column: ReportColumn) => (compareWith ? column : emptied(column));
  return {
    ...{ key: 'group', ...HEADINGS[group.groupBy] },
    note: 'Moved are leads that came into another status, each day counted once; those converted or denied are among them.',
    columns: [
      { key: 'open', label: 'Open', unit: 'count' },
      compared({ key: 'before', label: 'Open then', unit: 'count' }),
      compared({ key: 'more', label: 'Change', unit: 'change' }),
      { key: 'value', label: 'Open value', unit: 'money' },
      compared({ key: 'moreValue', label: 'Change in value', unit: 'moneyChange' }),
      ...flowColumns
    ],
    rows: byLabel(rows),
    chart: { kind: 'bars', columns: compareWith ? ['open', 'before'] : ['open'], axis: 'Open leads' }
  };
}

interface Trend {
  shown: string[];
  stock: Stock[];
  flows: DatedFlow[];
}

/** How leads stood on some dates, and what happened from one to the next. */
export function trendTable({ shown, stock, flows }: Trend): ReportTable {
  return {
    ...{ key: 'trend', title: 'Over the dates', about: 'Date', dates: true },
    columns: [
      { key: 'open', label: 'Open', unit: 'count' },
      { key: 'value', label: 'Open value', unit: 'money' },
      ...flowColumns
    ],
    rows: shown.map((date, index) => {
      const previous = shown[index - 1];
      const from = previous ? dayAfter(previous) : date;
      const standing = open(stock.filter(({ at }) => at === date));
      const happened = flows.filter(({ at }) => at >= from && at <= date);
      const rows: Narrowing = { of: 'pipeline', from: date, to: date, status: 'open' };
      return {
        key: date,
        label: date,
        figures: {
          open: figure(leadsIn(standing), rows, 'leads'),
          value: figure(valueOf(standing), rows, 'value'),
          ...flowFigures(allOf(happened), { of: 'pipeline', from, to: date })
        }
      };
    }),
    chart: { kind: 'line', columns: ['open'], axis: 'Open leads' }
  };
}

const allOf = (flows: Flow[]): Flow =>
  flows.reduce(
    (all, flow) => ({
      created: all.created + flow.created,
      moved: all.moved + flow.moved,
      converted: all.converted + flow.converted,
      denied: all.denied + flow.denied,
      won: sumOf([all.won, flow.won]),
      days_to_convert: all.days_to_convert + flow.days_to_convert
    }),
    NO_FLOW
  );
