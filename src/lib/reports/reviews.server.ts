import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf } from './directory.server.ts';
import { coverageFacts, narrowed, reviewDueFacts } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import { REVIEW_OUTCOMES, type Narrowing, type ReportFilter, type ReviewOutcome } from './model.ts';
import { periodOf } from './period.server.ts';
import {
  byLabel,
  byPerson,
  byTeam,
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

interface Owned {
  team_id: number | null;
  person_id: number | null;
}

type DueSums = Record<ReviewOutcome, number> & { due: number };
type Due = DueSums & Owned & { stretch: string };

interface ClientSums {
  clients: number;
  reviewed: number;
  planned: number;
  overdue: number;
  unplanned: number;
  never: number;
}

const DUE: ReportColumn[] = [
  { key: 'due', label: 'Due', unit: 'count' },
  { key: 'in_time', label: 'Held in time', unit: 'count' },
  { key: 'late', label: 'Held late', unit: 'count' },
  { key: 'overdue', label: 'Overdue', unit: 'count' },
  { key: 'coming', label: 'Still to come', unit: 'count' }
];
const CLIENTS: ReportColumn[] = [
  { key: 'clients', label: 'Clients', unit: 'count' },
  { key: 'reviewed', label: 'Reviewed in the period', unit: 'count' },
  { key: 'coverage', label: 'Coverage', unit: 'percent' },
  { key: 'planned', label: 'Next one planned', unit: 'count' },
  { key: 'overdue', label: 'Overdue', unit: 'count' },
  { key: 'unplanned', label: 'None planned', unit: 'count' },
  { key: 'never', label: 'Never reviewed', unit: 'count' }
];

/** Portfolio reviews that were due in the period and what became of them, and how active clients stand now. */
export async function reviewsReport(tx: Tx, actor: Actor, filter: ReportFilter): Promise<Report> {
  const directory = await directoryOf(tx);
  const period = periodOf(filter, directory.today);
  const { from, to, step } = period;
  const base: Narrowing = { ...filter, of: 'reviews', from, to };
  const where = narrowed(filter);
  const [whole = [], stretches = [], dueTeams = [], duePeople = []] = await grouped<Due>(tx, {
    facts: sql`select d.*, to_char(date_trunc(${step}, d.at), 'YYYY-MM-DD') as stretch
      from (${reviewDueFacts(period, directory)}) d`,
    where,
    sets: [[], ['stretch'], ['team_id'], ['person_id']],
    figures: sql.join(
      [
        sql`count(*)::int as due`,
        ...REVIEW_OUTCOMES.map((one) => sql.raw(`count(*) filter (where f.state = '${one}')::int as ${one}`))
      ],
      sql`, `
    )
  });
  const [all = [], teams = [], people = []] = await grouped<ClientSums & Owned>(tx, {
    facts: coverageFacts(period, directory),
    where,
    sets: [[], ['team_id'], ['person_id']],
    figures: sql`count(*)::int as clients, count(*) filter (where f.reviewed)::int as reviewed,
      count(*) filter (where f.state = 'planned')::int as planned, count(*) filter (where f.state = 'overdue')::int as overdue,
      count(*) filter (where f.state = 'unplanned')::int as unplanned, count(*) filter (where f.never)::int as never`
  });
  const dues = (rows: Counting<Due>[]) => byLabel(withFigures(rows, dueFigures));
  const standing = (rows: Counting<ClientSums & Owned>[]) => byLabel(withFigures(rows, clientFigures));
  const now = all[0] ?? NO_CLIENTS;
  return {
    period,
    ...frameOf(actor, directory, filter),
    empty: now.clients === 0,
    headlines: headlines(now, whole[0] ?? NONE_DUE, base),
    tables: [
      {
        ...{
          key: 'time',
          title: 'Reviews that were due',
          about: stretchWord(period),
          dates: true,
          columns: DUE
        },
        note: 'By the date agreed at the review before, or the client’s own interval.',
        rows: withFigures(overTime(period, base, stretches), (row, behind) =>
          dueFigures(row ?? NONE_DUE, behind)
        ),
        chart: { kind: 'stacked', columns: [...REVIEW_OUTCOMES], axis: 'Reviews' }
      },
      {
        key: 'dueTeam',
        title: 'Due, by team',
        about: 'Team',
        columns: DUE,
        rows: dues(byTeam(directory, base, dueTeams))
      },
      {
        key: 'duePerson',
        title: 'Due, by RM',
        about: 'RM',
        columns: DUE,
        rows: dues(byPerson(directory, base, duePeople))
      },
      {
        ...{ key: 'team', title: 'Coverage by team', about: 'Team', columns: CLIENTS },
        rows: standing(byTeam(directory, base, teams))
      },
      {
        ...{ key: 'person', title: 'Coverage by RM', about: 'RM', columns: CLIENTS },
        rows: standing(byPerson(directory, base, people)),
        chart: { kind: 'stacked', columns: ['planned', 'overdue', 'unplanned'], axis: 'Clients' }
      }
    ]
  };
}

const NONE_DUE: DueSums = { due: 0, in_time: 0, late: 0, overdue: 0, coming: 0 };
const NO_CLIENTS: ClientSums = { clients: 0, reviewed: 0, planned: 0, overdue: 0, unplanned: 0, never: 0 };

const dueFigures = (row: DueSums, rows: Narrowing): Record<string, Figure> => ({
  due: figure(row.due, { ...rows, outcome: 'due' }),
  ...Object.fromEntries(
    REVIEW_OUTCOMES.map((outcome) => [outcome, figure(row[outcome], { ...rows, outcome })])
  )
});

const clientFigures = (row: ClientSums, rows: Narrowing): Record<string, Figure> => ({
  clients: figure(row.clients, { ...rows, coverage: 'any' }),
  reviewed: figure(row.reviewed, { ...rows, coverage: 'reviewed' }),
  coverage: figure(share(row.reviewed, row.clients), { ...rows, coverage: 'any' }, 'share'),
  planned: figure(row.planned, { ...rows, coverage: 'planned' }),
  overdue: figure(row.overdue, { ...rows, coverage: 'overdue' }),
  unplanned: figure(row.unplanned, { ...rows, coverage: 'unplanned' }),
  never: figure(row.never, { ...rows, coverage: 'never' })
});

function headlines(now: ClientSums, due: DueSums, base: Narrowing): Report['headlines'] {
  const stand = clientFigures(now, base);
  const dues = dueFigures(due, base);
  return [
    {
      key: 'coverage',
      label: 'Coverage',
      unit: 'percent',
      value: null,
      ...stand.coverage,
      detail: 'Of active clients, reviewed in the period'
    },
    { key: 'reviewed', label: 'Clients reviewed', unit: 'count', value: 0, ...stand.reviewed },
    { key: 'in_time', label: 'Held in time', unit: 'count', value: 0, ...dues.in_time },
    { key: 'late', label: 'Held late', unit: 'count', value: 0, ...dues.late },
    {
      key: 'overdue',
      label: 'Overdue now',
      unit: 'count',
      value: 0,
      ...stand.overdue,
      tone: now.overdue > 0 ? 'bad' : 'good'
    },
    { key: 'never', label: 'Never reviewed', unit: 'count', value: 0, ...stand.never }
  ];
}
