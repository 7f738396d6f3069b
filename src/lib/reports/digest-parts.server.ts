import { sql, type SQL } from 'drizzle-orm';
import { LEAD_STATUS_LABELS, type LeadStatus } from '#lib/leads/model.ts';
import { BYTE_ORDER_MARK, csvLine } from '#lib/platform/csv.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { directoryOf, teamRow } from './directory.server.ts';
import { promiseFacts } from './facts.server.ts';
import { grouped } from './grouped.server.ts';
import { AGE_LABELS, AGES, SOURCE_LABELS, type Source } from './model.ts';

interface CsvRow extends Record<string, string | number | null> {
  status: LeadStatus;
  source: Source;
}

/** The last four are leads by how long they have been in their status. */
const headingsIn = (currency: string) => [
  ...['Date', 'Team', 'RM', 'Product', 'Source', 'Status', 'Denial reason', 'Leads', `Value (${currency})`],
  ...['Entered', 'Moved', 'Converted', 'Denied', `Value won (${currency})`, 'Days in status, in all'],
  ...AGES.map((age) => `Leads ${AGE_LABELS[age].toLowerCase()} in status`)
];

/**
 * The nightly pipeline report of a firm date (`YYYY-MM-DD`) as a CSV file with byte order mark, one line for each team,
 * RM, product, source, status and reason, as far as the identity of `tx` sees them and `whose` holds of the row `s`: made
 * to be attached to a letter. Money is in the firm's currency. Null where no report of that date is seen.
 */
export async function pipelineCsv(
  tx: Tx,
  date: string,
  whose: SQL = sql`true`
): Promise<{ name: string; text: string } | null> {
  const rows = await tx.execute<CsvRow>(sql`
    select s.on_date::text as date, t.name as team, u.name as rm, p.name as product, coalesce(s.source, 'none') as source, s.status,
      coalesce(i.label, s.denial_reason) as reason, s.leads, s.value::text as value, s.created, s.moved, s.converted, s.denied,
      s.won_value::text as won, s.days_in_status as days, s.up_to_week as week, s.up_to_month as month,
      s.up_to_quarter as quarter, s.longer
    from pipeline_snapshots s
    left join teams t on t.id = s.team_id left join users u on u.id = s.rm_id left join products p on p.id = s.product_id
    left join list_items i on i.list = 'denial_reason' and i.key = s.denial_reason
    where s.on_date = ${date}::date and ${whose} order by t.name, u.name, p.name, s.source, s.status, s.id`);
  if (rows.length === 0) return null;
  const lines = rows.map((row) =>
    csvLine(
      Object.values({ ...row, source: SOURCE_LABELS[row.source], status: LEAD_STATUS_LABELS[row.status] })
    )
  );
  const { currency } = await firmOf(tx);
  const text = BYTE_ORDER_MARK + csvLine(headingsIn(currency)) + lines.join('');
  return { name: `pipeline-${date}.csv`, text };
}

export interface SlaFigures {
  /** Promises that ended, and how many of them late. */
  ended: number;
  late: number;
  /** Of those whose shares of time are known, the average in the minutes of their clocks; null without any. */
  ours: number | null;
  client: number | null;
  thirdParty: number | null;
}

/**
 * How promises were kept from one firm date to another (`YYYY-MM-DD`, both included), in all and by team, as far as the
 * identity of `tx` sees them. `/reports/promises?from=…&to=…` shows the same.
 */
export async function slaSummary(
  tx: Tx,
  from: string,
  to: string
): Promise<{ all: SlaFigures; teams: (SlaFigures & { name: string })[] }> {
  const directory = await directoryOf(tx);
  const [[all = NOTHING] = [], teams = []] = await grouped<SlaFigures & { team_id: number | null }>(tx, {
    facts: promiseFacts({ from, to }, directory),
    where: [],
    sets: [[], ['team_id']],
    figures: sql`count(*)::int as ended, count(*) filter (where f.state = 'late')::int as late,
      round(avg(f.ours))::float8 as ours, round(avg(f.client_minutes))::float8 as client,
      round(avg(f.third_party))::float8 as "thirdParty"`
  });
  const figuresOf = ({ ended, late, ours, client, thirdParty }: SlaFigures) => ({
    ended,
    late,
    ours,
    client,
    thirdParty
  });
  const named = teams.map((row) => ({
    name: teamRow(directory, row.team_id).label ?? 'No team',
    ...figuresOf(row)
  }));
  return { all: figuresOf(all), teams: named.toSorted((a, b) => a.name.localeCompare(b.name)) };
}

const NOTHING: SlaFigures = { ended: 0, late: 0, ours: null, client: null, thirdParty: null };
