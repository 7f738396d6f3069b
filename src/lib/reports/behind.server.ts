import { sql, type SQL } from 'drizzle-orm';
import type { Directory } from './directory.server.ts';
import {
  coverageFacts,
  escalationFacts,
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

interface Behind {
  facts: Facts;
  where: SQL[];
  /** Columns of the list beyond those all facts have. */
  more: SQL;
  /** What adds up to figures other than the number of rows; money as text. */
  sums: SQL;
}

const SUMS = ['value', 'leads', 'ours', 'client', 'thirdParty', 'share', 'days'] as const;

const sumsOf = (known: Partial<Record<(typeof SUMS)[number], SQL | false>>): SQL =>
  sql.join(
    SUMS.map((name) => sql`${known[name] || sql`null::int`} as ${sql.identifier(name)}`),
    sql`, `
  );

/** The share of the rows that a condition holds for, of rows that are not narrowed to those. */
const shareOf = (condition: SQL): SQL =>
  sql`(count(*) filter (where ${condition}))::float8 / nullif(count(*), 0)`;

const averageOf = (sum: SQL, count: SQL): SQL =>
  sql`round(sum(${sum})::numeric / nullif(sum(${count}), 0))::float8`;

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

/** How long leads took to convert, or have been where they are on the date. */
function daysOf({ flow, status, age }: RowsInput): SQL | false {
  if (flow === 'converted') return averageOf(sql`f.days_to_convert`, sql`f.converted`);
  return !flow && !age && status !== undefined && averageOf(sql`f.days_in_status`, sql`f.leads`);
}

/** What the counted leads are worth, where a row of a night keeps it of those alone and not of all its leads. */
function worthOf({ flow, age }: RowsInput): SQL | false {
  if (flow === 'converted') return sql`f.won_value`;
  return !flow && !age && sql`f.value`;
}

/** What is read for the list behind a figure of each report. */
export const BEHIND: Record<RowsInput['of'], (input: RowsInput, directory: Directory) => Behind> = {
  promises: (input, directory) => ({
    facts: promiseFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.target, (target) => sql`f.type = ${target}`),
      ...given(input.outcome, (outcome) => sql`f.state = ${outcome}`),
      ...given(input.split, (split) => (split ? sql`f.split` : sql`not f.split`))
    ],
    more: sql`f.at, f.ours, f.client_minutes as "clientMinutes", f.third_party as "thirdParty"`,
    sums: sumsOf({
      ours: sql`round(avg(f.ours))::float8`,
      client: sql`round(avg(f.client_minutes))::float8`,
      thirdParty: sql`round(avg(f.third_party))::float8`,
      share: input.outcome === undefined && shareOf(sql`f.state = 'kept'`)
    })
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
    sums: sumsOf({})
  }),
  escalations: (input, directory) => ({
    facts: escalationFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.step, (step) => sql`f.state = ${step}`),
      ...given(input.policy, (policy) => sql`f.policy_id = ${policy}`)
    ],
    more: sql`f.at, f.policy`,
    sums: sumsOf({})
  }),
  reviews: (input, directory) => {
    const period = periodOf(input, directory.today);
    const { coverage, outcome } = input;
    const rest = { more: sql`to_char(f.at, 'YYYY-MM-DD') as "onDate", f.held_on as "heldOn"` };
    if (coverage === undefined)
      return {
        ...rest,
        sums: sumsOf({}),
        facts: reviewDueFacts(period, directory),
        where: outcome === undefined || outcome === 'due' ? [] : [sql`f.state = ${outcome}`]
      };
    const flag = { any: [], reviewed: [sql`f.reviewed`], never: [sql`f.never`] }[coverage as 'any'];
    return {
      ...rest,
      sums: sumsOf({ share: coverage === 'any' && shareOf(sql`f.reviewed`) }),
      facts: coverageFacts(period, directory),
      where: flag ?? [sql`f.state = ${coverage}`]
    };
  },
  referrals: (input, directory) => ({
    facts: referralFacts(periodOf(input, directory.today), directory),
    where: [
      ...given(input.giver, (giver) => sql`f.giver = ${giver}`),
      ...given(input.source, (source) => sql`f.type = ${source}`),
      ...given(input.status, statusIs)
    ],
    more: sql`f.at, f.value::text as value, f.given_by as client`,
    sums: sumsOf({
      value: sql`coalesce(sum(f.value), 0)::text`,
      share: input.status === undefined && shareOf(sql`f.state = 'converted'`)
    })
  }),
  pipeline: (input, directory) => {
    const counted = input.flow
      ? { created: sql`f.created`, moved: sql`f.moved`, converted: sql`f.converted`, denied: sql`f.denied` }[
          input.flow
        ]
      : input.age
        ? AGE_COLUMN[input.age]
        : sql`f.leads`;
    const value = worthOf(input);
    return {
      facts: pipelineFacts(periodOf(input, directory.today)),
      where: [
        sql`${counted} > 0`,
        ...given(input.status, statusIs),
        ...given(input.source, (source) => sql`f.type = ${source}`),
        ...oneOf(sql`f.product_id`, input.product),
        ...given(input.reason, (reason) => sql`coalesce(f.denial_reason, 'none') = ${reason}`)
      ],
      more: sql`to_char(f.at, 'YYYY-MM-DD') as "onDate", ${counted} as leads, ${value || sql`null`}::text as value,
        f.product_id as "productId", f.denial_reason as reason`,
      sums: sumsOf({
        value: value && sql`coalesce(sum(${value}), 0)::text`,
        leads: sql`coalesce(sum(${counted}), 0)::int`,
        days: daysOf(input)
      })
    };
  }
};
