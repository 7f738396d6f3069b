import type { Actor } from '#lib/platform/auth/permissions.ts';
import { personRow, teamRow, type Directory } from './directory.server.ts';
import type { Measure, Figure, Headline, ReportRow, ReportTable } from './table.ts';
import type { Narrowing, ReportFilter } from './model.ts';
import { presetsOf, stretchesOf, type Period, type Preset } from './period.server.ts';

/** What a report's page shows. */
export interface Report {
  /** Null where it tells how things are now. */
  period: Period | null;
  presets: Preset[];
  choices: { teams: Choice[]; people: Choice[]; requestTypes: Choice[] };
  headlines: Headline[];
  tables: ReportTable[];
  /** Nothing to count in the period. */
  empty: boolean;
}

interface Choice {
  value: number;
  label: string;
}

/** What the report can be narrowed to: teams, and the people whose records the actor sees. */
export function frameOf(
  actor: Actor,
  { teams, people, requestTypes, today }: Directory,
  filter: ReportFilter
): Pick<Report, 'presets' | 'choices'> {
  const choice = ({ id, name }: { id: number; name: string }) => ({ value: id, label: name });
  const offered = people.filter(
    ({ id }) => actor.seesAll || actor.visibleUserIds.includes(id) || id === filter.person
  );
  return {
    presets: presetsOf(today),
    choices: {
      teams: teams.map(choice),
      people: offered.map(({ id, name, active }) => ({ value: id, label: active ? name : `${name} (left)` })),
      requestTypes: requestTypes.map(choice)
    }
  };
}

/** A figure and the rows behind it. */
export const figure = (value: Figure['value'], rows?: Narrowing, measure?: Measure): Figure => ({
  value,
  ...(rows && { rows }),
  ...(measure && { measure })
});

/** Of two counts; null where there is nothing to divide. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** By name, and what is nobody's last. */
export const byLabel = (rows: ReportRow[]): ReportRow[] =>
  rows.toSorted((a, b) =>
    a.label === null || b.label === null
      ? Number(a.label === null) - Number(b.label === null)
      : a.label.localeCompare(b.label)
  );

/** A row of a table before its figures: what it is about, what was counted, and how to find what was counted. */
export type Counting<Row> = Omit<ReportRow, 'figures'> & { row: Row; rows: Narrowing };

interface Owned {
  team_id: number | null;
  person_id: number | null;
}

export const byTeam = <Row extends Owned>(
  directory: Directory,
  base: Narrowing,
  rows: Row[]
): Counting<Row>[] =>
  rows.map((row) => ({
    row,
    ...teamRow(directory, row.team_id),
    rows: { ...base, team: row.team_id ?? 'none' }
  }));

export const byPerson = <Row extends Owned>(
  directory: Directory,
  base: Narrowing,
  rows: Row[]
): Counting<Row>[] =>
  rows.map((row) => ({
    row,
    ...personRow(directory, row.person_id),
    rows: { ...base, person: row.person_id ?? 'none' }
  }));

/** Every stretch of the period, those in which nothing happened too; labelled by their first day. */
export const overTime = <Row extends { stretch: string }>(
  period: Period,
  base: Narrowing,
  rows: Row[]
): Counting<Row | null>[] =>
  stretchesOf(period).map(({ key, from, to }) => ({
    row: rows.find(({ stretch }) => stretch === key) ?? null,
    key,
    label: from,
    rows: { ...base, from, to }
  }));

/** The heading of a column of such stretches. */
export const stretchWord = ({ step }: Period): string =>
  step === 'day' ? 'Day' : step === 'week' ? 'Week from' : 'Month from';

/** The rows with the figures worked out of what was counted. */
export const withFigures = <Row>(
  rows: Counting<Row>[],
  figuresOf: (row: Row, rows: Narrowing) => Record<string, Figure>
): ReportRow[] =>
  rows.map(({ row, rows: behind, ...about }) => ({ ...about, figures: figuresOf(row, behind) }));
