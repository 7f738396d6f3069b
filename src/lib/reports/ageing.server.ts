import { sql } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf } from './directory.server.ts';
import { narrowed, workFacts } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import {
  AGE_LABELS,
  AGES,
  LATENESS,
  LATENESS_LABELS,
  type Age,
  type Lateness,
  type Narrowing,
  type ReportFilter
} from './model.ts';
import {
  byLabel,
  byPerson,
  byTeam,
  figure,
  frameOf,
  withFigures,
  type Counting,
  type Report
} from './report.server.ts';
import type { Figure, ReportColumn } from './table.ts';

type Sums = { open: number; overdue: number } & Record<`age_${Age}`, number> &
  Record<`late_${Lateness}`, number>;

interface Counted extends Sums {
  kind: SubjectKind;
  team_id: number | null;
  person_id: number | null;
}

const PLURALS: Record<SubjectKind, string> = {
  query: 'Queries',
  request: 'Requests',
  lead: 'Leads',
  client: 'Clients'
};

const count = (key: string, label: string): ReportColumn => ({ key, label, unit: 'count' });
const AGE_COLUMNS = [
  ...AGES.map((age) => count(age, AGE_LABELS[age])),
  count('open', 'Open'),
  count('overdue', 'Overdue')
];
const LATE_COLUMNS = [...LATENESS.map((late) => count(late, LATENESS_LABELS[late])), count('open', 'Open')];

const counts = (column: string, values: readonly string[]) =>
  values.map((value) =>
    sql.raw(`count(*) filter (where f.${column} = '${value}')::int as ${column}_${value}`)
  );

/** Why there are more leads than in the pipeline. */
const SEEN =
  'Everything that you may see. Leads that your people obtained for colleagues count here, and not in your pipeline.';

/** Queries, requests and leads that are open now, by how long they have been and when they were due. */
export async function ageingReport(tx: Tx, actor: Actor, filter: ReportFilter): Promise<Report> {
  const directory = await directoryOf(tx);
  const base: Narrowing = { ...filter, of: 'ageing' };
  const [whole = [], kinds = [], teams = [], people = []] = await grouped<Counted>(tx, {
    facts: workFacts(directory),
    where: narrowed(filter),
    sets: [[], ['kind'], ['team_id'], ['person_id']],
    figures: sql.join(
      [
        sql`count(*)::int as open, count(*) filter (where f.late in ('day', 'week', 'longer'))::int as overdue`,
        ...counts('age', AGES),
        ...counts('late', LATENESS)
      ],
      sql`, `
    )
  });
  const ofKind = kinds.map((row): Counting<Counted> => {
    return { row, key: row.kind, label: PLURALS[row.kind], rows: { ...base, kind: row.kind } };
  });
  const byAge = (rows: Counting<Counted>[]) => byLabel(withFigures(rows, ageFigures));
  const [all] = whole;
  return {
    period: null,
    ...frameOf(actor, directory, filter),
    empty: !all || all.open === 0,
    headlines: all && all.open > 0 ? headlinesOf(all, base) : [],
    tables: [
      {
        ...{ key: 'age', title: 'By age', about: 'Open work', columns: AGE_COLUMNS, rows: byAge(ofKind) },
        ...(!actor.seesAll && { note: SEEN }),
        chart: { kind: 'stacked', columns: [...AGES], axis: 'Open' }
      },
      {
        ...{ key: 'late', title: 'By when it was due', about: 'Open work', columns: LATE_COLUMNS },
        note: 'In days of the calendar. Leads are due when their first call is, or when the day of their next follow-up ends, if that comes first. What waits for the client has no due time while it stands still.',
        rows: byLabel(withFigures(ofKind, lateFigures)),
        chart: { kind: 'stacked', columns: [...LATENESS], axis: 'Open' }
      },
      {
        ...{ key: 'team', title: 'By team', about: 'Team', columns: AGE_COLUMNS },
        rows: byAge(byTeam(directory, base, teams))
      },
      {
        ...{ key: 'person', title: 'By person', about: 'Person', columns: AGE_COLUMNS },
        rows: byAge(byPerson(directory, base, people))
      }
    ]
  };
}

const totals = (row: Sums, rows: Narrowing): Record<'open' | 'overdue', Figure> => ({
  open: figure(row.open, rows),
  overdue: figure(row.overdue, { ...rows, late: 'any' })
});

const ageFigures = (row: Sums, rows: Narrowing): Record<string, Figure> => ({
  ...Object.fromEntries(AGES.map((age) => [age, figure(row[`age_${age}`], { ...rows, age })])),
  ...totals(row, rows)
});

const lateFigures = (row: Sums, rows: Narrowing): Record<string, Figure> => ({
  ...Object.fromEntries(LATENESS.map((late) => [late, figure(row[`late_${late}`], { ...rows, late })])),
  ...totals(row, rows)
});

const headlinesOf = (all: Sums, base: Narrowing): Report['headlines'] => [
  { key: 'open', label: 'Open', unit: 'count', ...totals(all, base).open },
  {
    ...{ key: 'overdue', label: 'Overdue', unit: 'count', ...totals(all, base).overdue },
    tone: all.overdue > 0 ? 'bad' : 'good'
  },
  {
    ...{ key: 'old', label: 'Open over 90 days', unit: 'count' },
    ...figure(all.age_longer, { ...base, age: 'longer' })
  },
  {
    ...{ key: 'none', label: 'Without a due time', unit: 'count', detail: 'Standing still, or none set' },
    ...figure(all.late_none, { ...base, late: 'none' })
  }
];
