import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf } from './directory.server.ts';
import { narrowed, referralFacts } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import { SOURCE_LABELS, type Narrowing, type ReportFilter, type Source } from './model.ts';
import { periodOf, stretchOf } from './period.server.ts';
import {
  byPerson,
  figure,
  frameOf,
  overTime,
  share,
  stretchWord,
  withFigures,
  type Counting,
  type Report
} from './report.server.ts';
import type { Figure, ReportColumn } from './table.ts';

interface Sums {
  leads: number;
  open: number;
  converted: number;
  denied: number;
  value: string;
  won: string;
}

interface Counted extends Sums {
  stretch: string;
  giver: string;
  given_by: string | null;
  type: Source;
  team_id: number | null;
  person_id: number | null;
}

const COLUMNS: ReportColumn[] = [
  { key: 'leads', label: 'Leads', unit: 'count' },
  { key: 'value', label: 'Value given', unit: 'money' },
  { key: 'open', label: 'Open', unit: 'count' },
  { key: 'denied', label: 'Denied', unit: 'count' },
  { key: 'converted', label: 'Converted', unit: 'count' },
  { key: 'rate', label: 'Conversion', unit: 'percent' },
  { key: 'won', label: 'Value won', unit: 'money' }
];

/** Who gave leads in the period, through whom and how, and what came of them. Values are in the firm's currency. */
export async function referralsReport(tx: Tx, actor: Actor, filter: ReportFilter): Promise<Report> {
  const directory = await directoryOf(tx);
  const period = periodOf(filter, directory.today);
  const { from, to } = period;
  const base: Narrowing = { ...filter, of: 'referrals', from, to };
  const { giver, source } = filter;
  const [whole = [], stretches = [], givers = [], people = [], sources = []] = await grouped<Counted>(tx, {
    facts: sql`select l.*, ${stretchOf(sql`l.at`, period.step, directory.timeZone)} as stretch
      from (${referralFacts(period, directory)}) l`,
    where: [
      ...narrowed(filter),
      ...(giver ? [sql`f.giver = ${giver}`] : []),
      ...(source ? [sql`f.type = ${source}`] : [])
    ],
    sets: [[], ['stretch'], ['giver'], ['person_id'], ['type']],
    figures: sql`count(*)::int as leads, min(f.given_by) as given_by, count(*) filter (where f.state in ('new', 'wip'))::int as open,
      count(*) filter (where f.state = 'converted')::int as converted,
      count(*) filter (where f.state = 'denied')::int as denied, coalesce(sum(f.value), 0)::text as value,
      coalesce(sum(f.value) filter (where f.state = 'converted'), 0)::text as won`
  });
  const ofSource = sources.map((row): Counting<Counted> => {
    const { type } = row;
    return { row, key: type, label: SOURCE_LABELS[type], rows: { ...base, source: type } };
  });
  const mostFirst = (rows: Counting<Counted>[]) =>
    withFigures(
      rows.toSorted((a, b) => b.row.leads - a.row.leads || (a.label ?? '').localeCompare(b.label ?? '')),
      figures
    );
  const all = whole[0] ?? NOTHING;
  return {
    period,
    ...frameOf(actor, directory, filter),
    empty: all.leads === 0,
    headlines: headlines(all, base),
    tables: [
      {
        ...{ key: 'giver', title: 'Who gave them', about: 'Given by', columns: COLUMNS },
        rows: mostFirst(givers.map((row) => ofGiver(base, row))),
        chart: { kind: 'bars', columns: ['leads', 'converted'], axis: 'Leads' }
      },
      {
        ...{ key: 'person', title: 'Through whom', about: 'Obtained by', columns: COLUMNS },
        rows: mostFirst(byPerson(directory, base, people))
      },
      { key: 'source', title: 'How they came', about: 'Mode', columns: COLUMNS, rows: mostFirst(ofSource) },
      {
        ...{ key: 'time', title: 'Over time', about: stretchWord(period), dates: true, columns: COLUMNS },
        rows: withFigures(overTime(period, base, stretches), (row, behind) =>
          figures(row ?? NOTHING, behind)
        ),
        chart: { kind: 'stacked', columns: ['converted', 'open', 'denied'], axis: 'Leads entered' }
      }
    ]
  };
}

const NOTHING: Sums = { leads: 0, open: 0, converted: 0, denied: 0, value: '0', won: '0' };

function ofGiver(base: Narrowing, row: Counted): Counting<Counted> {
  const { giver } = row;
  const client = /^c(\d+)$/.exec(giver)?.[1];
  return {
    row,
    key: giver,
    label: giver === 'hidden' ? null : row.given_by,
    none: giver === 'hidden' ? 'Clients you do not see' : 'Nobody named',
    rows: { ...base, giver },
    ...(client && { href: `/clients/${client}` })
  };
}

const figures = (row: Sums, rows: Narrowing): Record<string, Figure> => ({
  leads: figure(row.leads, rows),
  value: figure(row.value, rows, 'value'),
  open: figure(row.open, { ...rows, status: 'open' }),
  denied: figure(row.denied, { ...rows, status: 'denied' }),
  converted: figure(row.converted, { ...rows, status: 'converted' }),
  rate: figure(share(row.converted, row.leads), rows, 'share'),
  won: figure(row.won, { ...rows, status: 'converted' }, 'value')
});

function headlines(all: Sums, base: Narrowing): Report['headlines'] {
  const of = figures(all, base);
  return COLUMNS.filter(({ key }) => key !== 'open').map((column) => ({
    ...column,
    value: null,
    ...of[column.key]
  }));
}
