import { sql, type SQL } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import { decodeCursor, encodeCursor } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { directoryOf, type Directory } from './directory.server.ts';
import {
  coverageFacts,
  escalationFacts,
  every,
  narrowed,
  oneOf,
  pipelineFacts,
  promiseFacts,
  referralFacts,
  reviewDueFacts,
  workFacts,
  type Facts
} from './facts.server.ts';
import type { Age, RowsInput } from './model.ts';
import { periodOf } from './period.server.ts';

/** A row behind a figure, whatever it is of; what does not apply is null. */
export interface FactRow {
  id: number;
  kind: SubjectKind;
  /** The query, request, lead or client; null for rows of a nightly report. */
  subjectId: number | null;
  number: string | null;
  title: string;
  client: string | null;
  /** A target, a mode, or null. */
  type: string | null;
  state: string;
  person: string | null;
  team: string | null;
  at: Date | null;
  /** The firm date a review was due on or a report is of. */
  onDate: string | null;
  heldOn: string | null;
  dueAt: Date | null;
  value: string | null;
  leads: number | null;
  ours: number | null;
  clientMinutes: number | null;
  thirdParty: number | null;
  policy: string | null;
}

interface Behind {
  facts: Facts;
  where: SQL[];
  /** Columns of the list beyond those all facts have. */
  more: SQL;
  /** What adds up to figures other than the number of rows; money as text. */
  sums: SQL;
}

const NO_SUMS = sql`null::text as value, null::int as leads, null::float8 as ours, null::float8 as client, null::float8 as "thirdParty"`;

const given = <T>(value: T | undefined, condition: (value: T) => SQL): SQL[] =>
  value === undefined ? [] : [condition(value)];

const AGE_COLUMN: Record<Age, SQL> = {
  week: sql`f.up_to_week`,
  month: sql`f.up_to_month`,
  quarter: sql`f.up_to_quarter`,
  longer: sql`f.longer`
};

const OPEN = sql`f.state in ('new', 'wip')`;
const statusIs = (status: NonNullable<RowsInput['status']>) =>
  status === 'open' ? OPEN : sql`f.state = ${status}`;

const BEHIND: Record<RowsInput['of'], (input: RowsInput, directory: Directory) => Behind> = {
  promises: (input, directory) => ({
    facts: promiseFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.target, (target) => sql`f.type = ${target}`),
      ...given(input.outcome, (outcome) => sql`f.state = ${outcome}`),
      ...given(input.split, (split) => (split ? sql`f.split` : sql`not f.split`))
    ],
    more: sql`f.at, f.ours, f.client_minutes as "clientMinutes", f.third_party as "thirdParty"`,
    sums: sql`null::text as value, null::int as leads, round(avg(f.ours))::float8 as ours,
      round(avg(f.client_minutes))::float8 as client, round(avg(f.third_party))::float8 as "thirdParty"`
  }),
  ageing: (input, directory) => ({
    facts: workFacts(directory),
    where: [
      ...given(input.age, (age) => sql`f.age = ${age}`),
      ...given(input.late, (late) =>
        late === 'any' ? sql`f.late in ('day', 'week', 'longer')` : sql`f.late = ${late}`
      )
    ],
    more: sql`f.at, f.due_at as "dueAt"`,
    sums: NO_SUMS
  }),
  escalations: (input, directory) => ({
    facts: escalationFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.step, (step) => sql`f.state = ${step}`),
      ...given(input.policy, (policy) => sql`f.policy_id = ${policy}`)
    ],
    more: sql`f.at, f.policy`,
    sums: NO_SUMS
  }),
  reviews: (input, directory) => {
    const period = periodOf(input, directory.today);
    const { coverage, outcome } = input;
    const rest = { more: sql`to_char(f.at, 'YYYY-MM-DD') as "onDate", f.held_on as "heldOn"`, sums: NO_SUMS };
    if (coverage === undefined)
      return {
        ...rest,
        facts: reviewDueFacts(period, directory),
        where: outcome === undefined || outcome === 'due' ? [] : [sql`f.state = ${outcome}`]
      };
    const flag = { any: [], reviewed: [sql`f.reviewed`], never: [sql`f.never`] }[coverage as 'any'];
    return { ...rest, facts: coverageFacts(period, directory), where: flag ?? [sql`f.state = ${coverage}`] };
  },
  referrals: (input, directory) => ({
    facts: referralFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.giver, (giver) => sql`f.giver = ${giver}`),
      ...given(input.source, (source) => sql`f.type = ${source}`),
      ...given(input.status, statusIs)
    ],
    more: sql`f.at, f.value::text as value, f.given_by as client`,
    sums: sql`coalesce(sum(f.value), 0)::text as value, null::int as leads, null::float8 as ours, null::float8 as client, null::float8 as "thirdParty"`
  }),
  pipeline: (input, directory) => {
    const counted = input.flow
      ? { created: sql`f.created`, converted: sql`f.converted`, denied: sql`f.denied` }[input.flow]
      : input.age
        ? AGE_COLUMN[input.age]
        : sql`f.leads`;
    const value = input.flow === 'converted' ? sql`f.won_value` : sql`f.value`;
    return {
      facts: pipelineFacts(periodOf(input, directory.today)),
      where: [
        sql`${counted} > 0`,
        ...given(input.status, statusIs),
        ...given(input.source, (source) => sql`f.type = ${source}`),
        ...oneOf(sql`f.product_id`, input.product),
        ...given(input.reason, (reason) => sql`coalesce(f.denial_reason, 'none') = ${reason}`)
      ],
      more: sql`to_char(f.at, 'YYYY-MM-DD') as "onDate", ${counted} as leads, ${value}::text as value`,
      sums: sql`coalesce(sum(${value}), 0)::text as value, coalesce(sum(${counted}), 0)::int as leads,
        null::float8 as ours, null::float8 as client, null::float8 as "thirdParty"`
    };
  }
};

interface Totals {
  total: number;
  value: string | null;
  leads: number | null;
  ours: number | null;
  client: number | null;
  thirdParty: number | null;
}

/**
 * The rows behind a figure of a report, newest first, with what they come to: their exact number and their sums. The
 * actor sees the rows that were counted for him.
 */
export async function reportRows(tx: Tx, input: RowsInput) {
  const directory = await directoryOf(tx);
  const { facts, where, more, sums } = BEHIND[input.of](input, directory);
  const conditions = [...narrowed(input), ...where];
  const limit = input.limit ?? 50;
  const [totals] = await tx.execute<{ row: Totals }>(sql`
    select to_json(t) as row from (
      select count(*)::int as total, ${sums} from (${facts}) f where ${every(conditions)}) t`);
  const rows = await tx.execute<{ row: Listed }>(sql`
    select to_json(p) as row from (
      select f.key as id, f.kind, f.subject_id as "subjectId", f.number, f.title, f.client, f.type, f.state,
        f.person_id as "personId", f.team_id as "teamId", coalesce(f.at, '-infinity')::text as place, ${more}
      from (${facts}) f where ${every([...conditions, ...behindCursor(input.cursor)])}
      order by coalesce(f.at, '-infinity') desc, f.key desc limit ${limit + 1}) p`);
  const items = rows.slice(0, limit).map(({ row }) => shown(row, directory));
  const last = rows[limit - 1]?.row;
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.place, last.id]) : null,
    ...(totals?.row ?? { total: 0, value: null, leads: null, ours: null, client: null, thirdParty: null }),
    totalIsEstimate: false,
    period: input.of === 'ageing' ? null : periodOf(input, directory.today),
    names: namesOf(input, directory)
  };
}

type Listed = Omit<FactRow, 'person' | 'team' | 'at' | 'dueAt'> & {
  personId: number | null;
  teamId: number | null;
  place: string;
  at?: string | null;
  dueAt?: string | null;
};

function shown({ personId, teamId, place: _, ...row }: Listed, { people, teams }: Directory): FactRow {
  return {
    ...NONE,
    ...row,
    at: row.at ? new Date(row.at) : null,
    dueAt: row.dueAt ? new Date(row.dueAt) : null,
    person: people.find(({ id }) => id === personId)?.name ?? null,
    team: teams.find(({ id }) => id === teamId)?.name ?? null
  };
}

const NONE = {
  onDate: null,
  heldOn: null,
  value: null,
  leads: null,
  ours: null,
  clientMinutes: null,
  thirdParty: null,
  policy: null
};

const TIME = /^(-infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d){0,2})?)$/;

function behindCursor(cursor: string | undefined): SQL[] {
  const place = decodeCursor(cursor, 2);
  if (!place) return [];
  const [at, key] = place;
  if (typeof at !== 'string' || !TIME.test(at) || !Number.isSafeInteger(key))
    throw new RuleViolation('This cursor does not belong to this list; start from its first page');
  return [sql`(coalesce(f.at, '-infinity'), f.key) < (${at}, ${key}::bigint)`];
}

/** What the list is narrowed to, in words. */
function namesOf(
  { team, person, requestType }: RowsInput,
  { teams, people, requestTypes }: Directory
): string[] {
  const name = (all: { id: number; name: string }[], id: number | 'none' | undefined, none: string) =>
    id === undefined ? [] : [id === 'none' ? none : (all.find((one) => one.id === id)?.name ?? none)];
  return [
    ...name(teams, team, 'No team'),
    ...name(people, person, 'Nobody yet'),
    ...name(requestTypes, requestType, 'Another type')
  ];
}
