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
      ? { created: sql`f.created`, moved: sql`f.moved`, converted: sql`f.converted`, denied: sql`f.denied` }[
          input.flow
        ]
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
      more: sql`to_char(f.at, 'YYYY-MM-DD') as "onDate", ${counted} as leads, ${value}::text as value,
        f.product_id as "productId", f.denial_reason as reason`,
      sums: sql`coalesce(sum(${value}), 0)::text as value, coalesce(sum(${counted}), 0)::int as leads,
        null::float8 as ours, null::float8 as client, null::float8 as "thirdParty"`
    };
  }
};
