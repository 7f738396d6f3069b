import { sql, type SQL } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import type { LeadStatus } from '#lib/leads/model.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { movementFacts, pipelineFacts } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import { AGES, type Age, type PipelineGroup } from './model.ts';

/** What the nightly report of a date says of some leads; money is text. */
export interface Stock extends Record<`age_${Age}`, number> {
  at: string;
  state: LeadStatus;
  leads: number;
  value: string;
  days: number;
}

/** What came in, moved to another status and was decided on some dates. */
export interface Flow {
  created: number;
  /** Those that were decided are among them. */
  moved: number;
  converted: number;
  denied: number;
  won: string;
  days_to_convert: number;
}

/** The column of the facts that a table is grouped by, and what it holds. */
export const GROUP_COLUMN: Record<PipelineGroup, string> = {
  team: 'team_id',
  rm: 'person_id',
  product: 'product_id',
  source: 'type'
};

interface Grouped {
  team_id?: number | null;
  person_id?: number | null;
  product_id?: number | null;
  /** The product's name. */
  product?: string | null;
  type?: string;
}

export type GroupStock = Stock & Grouped;
export type GroupFlow = Flow & Grouped;
export type DatedFlow = Flow & { at: string };

const AGE_COLUMN: Record<Age, string> = {
  week: 'up_to_week',
  month: 'up_to_month',
  quarter: 'up_to_quarter',
  longer: 'longer'
};
const DATED = (facts: SQL) => sql`select to_char(p.at, 'YYYY-MM-DD') as on_date, p.* from (${facts}) p`;

const STOCK = sql`min(f.title) as product, f.on_date as at, sum(f.leads)::int as leads, sum(f.value)::text as value,
  sum(f.days_in_status)::float8 as days, ${sql.join(
    AGES.map((age) => sql.raw(`sum(f.${AGE_COLUMN[age]})::int as age_${age}`)),
    sql`, `
  )}`;
/** Nothing at all comes to 0, too. */
const FLOW = sql`min(f.title) as product, ${sql.join(
  [
    ...['created', 'moved', 'converted', 'denied'].map((column) =>
      sql.raw(`coalesce(sum(f.${column}), 0)::int as ${column}`)
    ),
    sql`coalesce(sum(f.won_value), 0)::text as won`,
    sql`coalesce(sum(f.days_to_convert), 0)::float8 as days_to_convert`
  ],
  sql`, `
)}`;

/** How far back dates are offered. */
const MOST_DATES = 800;
const TREND_DAYS = 90;
const TREND_POINTS = 31;

/** The firm dates for which the actor sees a report, newest first. */
export async function pipelineDates(tx: Tx): Promise<string[]> {
  // One step through the index a date, however many rows each has.
  const rows = await tx.execute<{ onDate: string }>(sql`
    with recursive dates as (
      (select on_date from pipeline_snapshots order by on_date desc limit 1)
      union all
      select (select s.on_date from pipeline_snapshots s where s.on_date < d.on_date order by s.on_date desc limit 1)
      from dates d where d.on_date is not null
    ) select on_date::text as "onDate" from dates where on_date is not null limit ${MOST_DATES}`);
  return rows.map(({ onDate }) => onDate);
}

/** The date to compare with: the latest report that is a month older, else the oldest there is before it. */
export function usualComparison(dates: string[], onDate: string): string | null {
  const earlier = dates.filter((date) => date < onDate);
  const month = Temporal.PlainDate.from(onDate).subtract({ days: 30 }).toString();
  return earlier.find((date) => date <= month) ?? earlier.at(-1) ?? null;
}

/** Where leads stood on dates, by status, and by status and group. */
export function stockOn(tx: Tx, dates: string[], groupBy: PipelineGroup): Promise<GroupStock[][]> {
  const all = sql.join(
    dates.map((date) => pipelineFacts({ from: date, to: date })),
    sql` union all `
  );
  return grouped<GroupStock>(tx, {
    facts: DATED(all),
    where: [],
    sets: [
      ['on_date', 'state'],
      ['on_date', 'state', GROUP_COLUMN[groupBy]]
    ],
    figures: STOCK
  });
}

/** What happened from the day after `after` until `until`: in all, by group, and denials by reason. */
export function flowsBetween(tx: Tx, after: string, until: string, groupBy: PipelineGroup) {
  return grouped<GroupFlow & { denial_reason: string | null; reason: string | null }>(tx, {
    facts: sql`select p.*, coalesce(i.label, p.denial_reason) as reason from (${movementFacts({ from: dayAfter(after), to: until })}) p
      left join list_items i on i.list = 'denial_reason' and i.key = p.denial_reason`,
    where: [],
    sets: [[], [GROUP_COLUMN[groupBy]], ['denial_reason', 'reason']],
    figures: FLOW
  });
}

/** A few dates of the last months, evenly apart, oldest first: how leads stood and what happened on every date. */
export async function trendOf(tx: Tx, dates: string[], until: string, since: string | null) {
  const usual = Temporal.PlainDate.from(until).subtract({ days: TREND_DAYS }).toString();
  const first = since && since < usual ? since : usual;
  const known = dates.filter((date) => date <= until && date >= first);
  const apart = Math.ceil(known.length / TREND_POINTS);
  const shown = known.filter((_, index) => index % apart === 0).toReversed();
  const [oldest] = shown;
  if (!oldest) return { shown, stock: [], flows: [] };
  const stock = sql.join(
    shown.map((date) => pipelineFacts({ from: date, to: date })),
    sql` union all `
  );
  const [standing = []] = await grouped<Stock>(tx, {
    facts: DATED(stock),
    where: [],
    sets: [['on_date', 'state']],
    figures: STOCK
  });
  const [flows = []] = await grouped<DatedFlow>(tx, {
    facts: DATED(movementFacts({ from: oldest, to: until })),
    where: [],
    sets: [['on_date']],
    figures: sql`f.on_date as at, ${FLOW}`
  });
  return { shown, stock: standing, flows };
}

export const dayAfter = (date: string): string => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
