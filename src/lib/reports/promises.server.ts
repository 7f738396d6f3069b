import { sql } from 'drizzle-orm';
import { TARGET_LABELS, type SubjectKind, type TargetName } from '#lib/clocks/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf, requestTypeName, type Directory } from './directory.server.ts';
import { narrowed, promiseFacts } from './facts.server.ts';
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
  share,
  stretchWord,
  withFigures,
  type Counting,
  type Report
} from './report.server.ts';
import type { ChartOf, Figure, Headline, ReportColumn } from './table.ts';

interface Sums {
  ended: number;
  late: number;
  /** Promises whose shares of time are known. */
  split: number;
  ours: number;
  client: number;
  third_party: number;
}

interface Counted extends Sums {
  stretch: string;
  kind: SubjectKind;
  type: TargetName;
  request_type_id: number | null;
  team_id: number | null;
  person_id: number | null;
}

const RATES: ReportColumn[] = [
  { key: 'ended', label: 'Ended', unit: 'count' },
  { key: 'kept', label: 'In time', unit: 'count' },
  { key: 'late', label: 'Late', unit: 'count' },
  { key: 'rate', label: 'Hit rate', unit: 'percent' }
];
const TIMES: ReportColumn[] = [
  { key: 'counted', label: 'Promises', unit: 'count' },
  { key: 'ours', label: 'Ours', unit: 'minutes' },
  { key: 'client', label: 'The client’s', unit: 'minutes' },
  { key: 'thirdParty', label: 'Third parties’', unit: 'minutes' }
];
const SPLIT: ChartOf = {
  kind: 'stacked',
  columns: ['ours', 'client', 'thirdParty'],
  axis: 'Average time, in hours'
};
const SETS = [[], ['stretch'], ['kind', 'type', 'request_type_id'], ['team_id'], ['person_id']];
const HOW_COUNTED =
  'Average a promise, in the time its clock counts: working hours, or all hours where days of the calendar were promised.';

/**
 * Promises that ended in the period, kept or late, over time, by type, team and person, and whose time they took. Times
 * are averages in the minutes of each promise's own clock; promises that ended before shares of time were kept are left
 * out of them and counted apart.
 */
export async function promisesReport(tx: Tx, actor: Actor, filter: ReportFilter): Promise<Report> {
  const directory = await directoryOf(tx);
  const period = periodOf(filter, directory.today);
  const { from, to } = period;
  const base: Narrowing = { ...filter, of: 'promises', from, to };
  const [whole = [], stretches = [], types = [], teams = [], people = []] = await grouped<Counted>(tx, {
    facts: sql`select p.*, ${stretchOf(sql`p.at`, period.step, directory.timeZone)} as stretch
      from (${promiseFacts(period, directory)}) p`,
    where: [...narrowed(filter), ...(filter.target ? [sql`f.type = ${filter.target}`] : [])],
    sets: SETS,
    figures: sql`count(*)::int as ended, count(*) filter (where f.state = 'late')::int as late,
      count(*) filter (where f.split)::int as split, coalesce(sum(f.ours), 0)::float8 as ours,
      coalesce(sum(f.client_minutes), 0)::float8 as client, coalesce(sum(f.third_party), 0)::float8 as third_party`
  });
  const rowsOf = {
    type: types.map((row) => ofType(directory, base, row)),
    team: byTeam(directory, base, teams),
    person: byPerson(directory, base, people)
  };
  const over = overTime(period, base, stretches);
  const rates = (rows: Counting<Counted>[]) => byLabel(withFigures(rows, rateFigures));
  const times = (rows: Counting<Counted>[]) =>
    byLabel(
      withFigures(
        rows.filter(({ row }) => row.split > 0),
        timeFigures
      )
    );
  return {
    period,
    ...frameOf(actor, directory, filter),
    empty: whole[0] === undefined || whole[0].ended === 0,
    headlines: headlines(whole[0] ?? NOTHING, base),
    tables: [
      {
        ...{ key: 'time', title: 'Over time', about: stretchWord(period), dates: true, columns: RATES },
        rows: withFigures(over, (row, rows) => rateFigures(row ?? NOTHING, rows)),
        chart: { kind: 'line', columns: ['rate'], axis: 'Kept in time' }
      },
      {
        ...{ key: 'type', title: 'By type', about: 'Promise', columns: RATES, rows: rates(rowsOf.type) },
        chart: { kind: 'stacked', columns: ['kept', 'late'], axis: 'Promises' }
      },
      { key: 'team', title: 'By team', about: 'Team', columns: RATES, rows: rates(rowsOf.team) },
      { key: 'person', title: 'By person', about: 'Person', columns: RATES, rows: rates(rowsOf.person) },
      {
        ...{ key: 'split', title: 'Whose time it took', note: HOW_COUNTED, about: 'Promise', columns: TIMES },
        rows: times(rowsOf.type),
        chart: SPLIT
      },
      {
        ...{ key: 'splitTime', title: 'Whose time it took, over time', about: stretchWord(period) },
        ...{ dates: true, columns: TIMES, chart: SPLIT },
        rows: withFigures(over, (row, rows) => timeFigures(row ?? NOTHING, rows))
      },
      {
        ...{ key: 'splitTeam', title: 'Whose time it took, by team', about: 'Team', columns: TIMES },
        rows: times(rowsOf.team)
      },
      {
        ...{ key: 'splitPerson', title: 'Whose time it took, by person', about: 'Person', columns: TIMES },
        rows: times(rowsOf.person)
      }
    ]
  };
}

const NOTHING: Sums = { ended: 0, late: 0, split: 0, ours: 0, client: 0, third_party: 0 };

const rateFigures = ({ ended, late }: Sums, rows: Narrowing): Record<string, Figure> => ({
  ended: figure(ended, rows),
  kept: figure(ended - late, { ...rows, outcome: 'kept' }),
  late: figure(late, { ...rows, outcome: 'late' }),
  rate: figure(share(ended - late, ended), rows, 'share')
});

function timeFigures({ split, ours, client, third_party }: Sums, rows: Narrowing): Record<string, Figure> {
  const counted = { ...rows, split: true };
  return {
    counted: figure(split, counted),
    ours: figure(average(ours, split), counted, 'ours'),
    client: figure(average(client, split), counted, 'client'),
    thirdParty: figure(average(third_party, split), counted, 'thirdParty')
  };
}

const average = (sum: number, count: number) => (count === 0 ? null : Math.round(sum / count));

function ofType(directory: Directory, base: Narrowing, row: Counted): Counting<Counted> {
  const { kind, type, request_type_id } = row;
  const name = requestTypeName(directory, request_type_id) ?? KIND_LABELS[kind];
  return {
    row,
    key: `${kind} ${type} ${request_type_id}`,
    label: `${name}: ${TARGET_LABELS[type].toLowerCase()}`,
    rows: { ...base, kind, target: type, ...(request_type_id !== null && { requestType: request_type_id }) }
  };
}

/** At nine in ten a firm is content, under three in four it is not. */
const toneOf = (rate: number | null): Headline['tone'] =>
  rate === null ? undefined : rate >= 0.9 ? 'good' : rate >= 0.75 ? 'warn' : 'bad';

function headlines(sums: Sums, base: Narrowing): Headline[] {
  const { ended, kept, late, rate } = rateFigures(sums, base);
  const { ours, client, thirdParty } = timeFigures(sums, base);
  const { split } = sums;
  return [
    {
      key: 'rate',
      label: 'Kept in time',
      unit: 'percent',
      value: null,
      ...rate,
      tone: toneOf(share(sums.ended - sums.late, sums.ended))
    },
    { key: 'ended', label: 'Promises ended', unit: 'count', value: null, ...ended },
    { key: 'kept', label: 'Of them in time', unit: 'count', value: null, ...kept },
    { key: 'late', label: 'Of them late', unit: 'count', value: null, ...late },
    { key: 'ours', label: 'Our time, on average', unit: 'minutes', value: null, ...ours },
    { key: 'client', label: 'The client’s time', unit: 'minutes', value: null, ...client },
    { key: 'thirdParty', label: 'Third parties’ time', unit: 'minutes', value: null, ...thirdParty },
    {
      ...{ key: 'unknown', label: 'Time not told apart', unit: 'count', detail: 'Ended before it was' },
      ...figure(sums.ended - split, { ...base, split: false })
    }
  ];
}
