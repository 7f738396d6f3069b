import { sql } from 'drizzle-orm';
import { STEP_KINDS, type StepKind, type SubjectKind } from '#lib/clocks/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf } from './directory.server.ts';
import { escalationFacts, narrowed } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import { KIND_LABELS, type Narrowing, type ReportFilter } from './model.ts';
import { periodOf, stretchOf } from './period.server.ts';
import {
  byLabel,
  byPerson,
  byTeam,
  figure,
  frameOf,
  overTime,
  stretchWord,
  withFigures,
  type Counting,
  type Report
} from './report.server.ts';
import type { Figure, ReportColumn } from './table.ts';

type Sums = Record<StepKind, number> & { steps: number };

interface Counted extends Sums {
  stretch: string;
  kind: SubjectKind;
  policy_id: number;
  policy: string;
  team_id: number | null;
  person_id: number | null;
}

const COLUMNS: ReportColumn[] = [
  { key: 'warning', label: 'Warnings', unit: 'count' },
  { key: 'breach', label: 'Breaches', unit: 'count' },
  { key: 'escalation', label: 'Escalations', unit: 'count' },
  { key: 'steps', label: 'All steps', unit: 'count' }
];

/** Steps of the ladders carried out in the period: over time, by record, team, person and policy. */
export async function escalationsReport(tx: Tx, actor: Actor, filter: ReportFilter): Promise<Report> {
  const directory = await directoryOf(tx);
  const period = periodOf(filter, directory.today);
  const { from, to } = period;
  const base: Narrowing = { ...filter, of: 'escalations', from, to };
  const { step, policy } = filter;
  const [whole = [], stretches = [], kinds = [], policies = [], teams = [], people = []] =
    await grouped<Counted>(tx, {
      facts: sql`select e.*, ${stretchOf(sql`e.at`, period.step, directory.timeZone)} as stretch
        from (${escalationFacts(period, directory)}) e`,
      where: [
        ...narrowed(filter),
        ...(step ? [sql`f.state = ${step}`] : []),
        ...(policy ? [sql`f.policy_id = ${policy}`] : [])
      ],
      sets: [[], ['stretch'], ['kind'], ['policy_id', 'policy'], ['team_id'], ['person_id']],
      figures: sql`count(*)::int as steps, count(*) filter (where f.state = 'warning')::int as warning,
        count(*) filter (where f.state = 'breach')::int as breach,
        count(*) filter (where f.state = 'escalation')::int as escalation`
    });
  const ofKind = kinds.map((row): Counting<Counted> => {
    return { row, key: row.kind, label: KIND_LABELS[row.kind], rows: { ...base, kind: row.kind } };
  });
  const ofPolicy = policies.map((row): Counting<Counted> => {
    const { policy_id, policy: label } = row;
    return { row, key: `policy ${policy_id}`, label, rows: { ...base, policy: policy_id } };
  });
  const rows = (counted: Counting<Counted>[]) => byLabel(withFigures(counted, figures));
  const all = whole[0] ?? NOTHING;
  return {
    period,
    ...frameOf(actor, directory, filter),
    empty: all.steps === 0,
    headlines: COLUMNS.map(({ key, label, unit }) => ({
      key,
      label,
      unit,
      value: 0,
      ...figures(all, base)[key]
    })),
    tables: [
      {
        ...{ key: 'time', title: 'Over time', about: stretchWord(period), dates: true, columns: COLUMNS },
        rows: withFigures(overTime(period, base, stretches), (row, behind) =>
          figures(row ?? NOTHING, behind)
        ),
        chart: { kind: 'stacked', columns: [...STEP_KINDS], axis: 'Steps carried out' }
      },
      { key: 'kind', title: 'By record', about: 'Record', columns: COLUMNS, rows: rows(ofKind) },
      {
        key: 'team',
        title: 'By team',
        about: 'Team',
        columns: COLUMNS,
        rows: rows(byTeam(directory, base, teams))
      },
      {
        ...{ key: 'person', title: 'By person', about: 'Who has it now', columns: COLUMNS },
        rows: rows(byPerson(directory, base, people))
      },
      { key: 'policy', title: 'By policy', about: 'Policy', columns: COLUMNS, rows: rows(ofPolicy) }
    ]
  };
}

const NOTHING: Sums = { steps: 0, warning: 0, breach: 0, escalation: 0 };

const figures = (row: Sums, rows: Narrowing): Record<string, Figure> => ({
  ...Object.fromEntries(STEP_KINDS.map((step) => [step, figure(row[step], { ...rows, step })])),
  steps: figure(row.steps, rows)
});
