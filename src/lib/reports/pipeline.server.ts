import { Temporal } from 'temporal-polyfill';
import { LEAD_STATUS_LABELS, LEAD_STATUSES, OPEN_STATUSES, type LeadStatus } from '#lib/leads/model.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { differenceOf, sumOf } from './amounts.ts';
import { directoryOf } from './directory.server.ts';
import { AGE_LABELS, AGES, type Narrowing, type PipelineInput } from './model.ts';
import { byGroup, emptied, flowColumns, flowFigures, NO_FLOW, trendTable } from './pipeline-tables.server.ts';
import {
  dayAfter,
  flowsBetween,
  pipelineDates,
  stockOn,
  trendOf,
  usualComparison,
  type Flow,
  type Stock
} from './pipeline-reads.server.ts';
import { figure } from './report.server.ts';
import type { Headline, ReportColumn, ReportTable } from './table.ts';

/**
 * The nightly report of a firm date as the actor sees it, compared with an earlier one: where leads stood, for how long,
 * what happened in between, and how it went over the months. Without any report `onDate` is null and nothing is told.
 */
export async function pipelineReport(tx: Tx, input: PipelineInput) {
  const directory = await directoryOf(tx);
  const dates = await pipelineDates(tx);
  const groupBy = input.groupBy ?? 'team';
  const onDate = input.onDate ?? dates[0] ?? null;
  if (!onDate || !dates.includes(onDate)) {
    const none = { headlines: [] as Headline[], tables: [] as ReportTable[] };
    return { onDate, compareWith: null, dates, groupBy, today: directory.today, written: false, ...none };
  }
  const compareWith = earlierOf(input.compareWith, onDate) ?? usualComparison(dates, onDate);
  const [stock = [], groupStock = []] = await stockOn(
    tx,
    compareWith ? [onDate, compareWith] : [onDate],
    groupBy
  );
  const since = compareWith ?? dayBefore(onDate);
  const [[flow = NO_FLOW] = [], groupFlow = [], reasons = []] = await flowsBetween(
    tx,
    since,
    onDate,
    groupBy
  );
  const trend = await trendOf(tx, dates, onDate, compareWith);
  const now = stock.filter(({ at }) => at === onDate);
  const then = stock.filter(({ at }) => at === compareWith);
  const between: Narrowing = { of: 'pipeline', from: dayAfter(since), to: onDate };
  const group = { directory, groupBy, onDate, compareWith, between };
  return {
    onDate,
    compareWith,
    dates,
    groupBy,
    today: directory.today,
    written: true,
    headlines: headlines(now, flow, { on: { of: 'pipeline', from: onDate, to: onDate }, between }),
    tables: [
      funnelTable(now, then, onDate, compareWith),
      agesTable(now, onDate),
      byGroup(group, groupStock, groupFlow),
      trendTable(trend),
      reasonsTable(
        reasons.filter(({ denied }) => denied > 0),
        between
      )
    ]
  };
}

const earlierOf = (date: string | undefined, onDate: string) => (date && date < onDate ? date : null);

const dayBefore = (date: string): string => {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString();
};

const of = (stock: Stock[], status: LeadStatus) => stock.find(({ state }) => state === status);

const NOW: ReportColumn[] = [
  { key: 'leads', label: 'Leads', unit: 'count' },
  { key: 'value', label: 'Value', unit: 'money' },
  { key: 'days', label: 'Average time there', unit: 'days' }
];
const THEN: ReportColumn[] = [
  { key: 'before', label: 'Leads then', unit: 'count' },
  { key: 'more', label: 'Change', unit: 'change' },
  { key: 'valueBefore', label: 'Value then', unit: 'money' },
  { key: 'moreValue', label: 'Change in value', unit: 'moneyChange' }
];

function funnelTable(now: Stock[], then: Stock[], onDate: string, compareWith: string | null): ReportTable {
  return {
    ...{ key: 'funnel', title: 'Where leads stand', about: 'Status' },
    columns: [...NOW, ...(compareWith ? THEN : THEN.map(emptied))],
    rows: LEAD_STATUSES.map((status) => {
      const row = of(now, status);
      const before = of(then, status);
      const rows: Narrowing = { of: 'pipeline', from: onDate, to: onDate, status };
      const earlier: Narrowing | null =
        compareWith === null ? null : { ...rows, from: compareWith, to: compareWith };
      return {
        key: status,
        label: LEAD_STATUS_LABELS[status],
        figures: {
          leads: figure(row?.leads ?? 0, rows, 'leads'),
          value: figure(row?.value ?? '0', rows, 'value'),
          days: figure(row && row.leads > 0 ? Math.round(row.days / row.leads) : null, rows, 'days'),
          ...(earlier && {
            before: figure(before?.leads ?? 0, earlier, 'leads'),
            more: figure((row?.leads ?? 0) - (before?.leads ?? 0)),
            valueBefore: figure(before?.value ?? '0', earlier, 'value'),
            moreValue: figure(differenceOf(row?.value ?? '0', before?.value ?? '0'))
          })
        }
      };
    }),
    chart: { kind: 'funnel', columns: ['leads'], axis: 'Leads' }
  };
}

const agesTable = (now: Stock[], onDate: string): ReportTable => ({
  ...{ key: 'ages', title: 'How long open leads stand there', about: 'Status' },
  columns: AGES.map((age) => ({ key: age, label: AGE_LABELS[age], unit: 'count' })),
  rows: OPEN_STATUSES.map((status) => ({
    key: status,
    label: LEAD_STATUS_LABELS[status],
    figures: Object.fromEntries(
      AGES.map((age) => {
        const rows: Narrowing = { of: 'pipeline', from: onDate, to: onDate, status, age };
        return [age, figure(of(now, status)?.[`age_${age}`] ?? 0, rows, 'leads')];
      })
    )
  })),
  chart: { kind: 'stacked', columns: [...AGES], axis: 'Leads' }
});

const reasonsTable = (
  reasons: (Flow & { denial_reason: string | null; reason: string | null })[],
  between: Narrowing
): ReportTable => ({
  ...{ key: 'reasons', title: 'Why leads were denied', about: 'Reason' },
  columns: [{ key: 'denied', label: 'Denied', unit: 'count' }],
  rows: reasons
    .toSorted((a, b) => b.denied - a.denied)
    .map(({ denial_reason, reason, denied }) => {
      const rows: Narrowing = { ...between, flow: 'denied', reason: denial_reason ?? 'none' };
      return {
        key: denial_reason ?? 'none',
        label: reason,
        none: 'No reason',
        figures: { denied: figure(denied, rows, 'leads') }
      };
    }),
  chart: { kind: 'bars', columns: ['denied'], axis: 'Denied' }
});

function headlines(
  now: Stock[],
  flow: Flow,
  { on, between }: { on: Narrowing; between: Narrowing }
): Headline[] {
  const open = now.filter(({ state }) => state === 'new' || state === 'wip');
  const rows: Narrowing = { ...on, status: 'open' };
  const happened = flowFigures(flow, between);
  return [
    {
      ...{ key: 'open', label: 'Open leads', unit: 'count' },
      ...figure(
        open.reduce((sum, { leads }) => sum + leads, 0),
        rows,
        'leads'
      )
    },
    {
      key: 'value',
      label: 'Open value',
      unit: 'money',
      ...figure(sumOf(open.map(({ value }) => value)), rows, 'value')
    },
    ...flowColumns.map((column): Headline => ({ ...column, value: null, ...happened[column.key] }))
  ];
}
