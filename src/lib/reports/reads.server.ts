import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { PipelineGroup } from './model.ts';

interface Figures extends Record<string, unknown> {
  status: string;
  leads: number;
  /** Money, in the firm's currency. */
  value: string;
  created: number;
  moved: number;
  daysInStatus: number;
}

const figures = sql`sum(s.leads)::int as leads, sum(s.value)::text as value, sum(s.created)::int as created,
  sum(s.moved)::int as moved, round(sum(s.days_in_status)::numeric / nullif(sum(s.leads), 0))::int as "daysInStatus"`;

const GROUPS: Record<PipelineGroup, { label: SQL; join: SQL; key: SQL }> = {
  team: { key: sql`s.team_id`, label: sql`t.name`, join: sql`left join teams t on t.id = s.team_id` },
  rm: { key: sql`s.rm_id`, label: sql`u.name`, join: sql`left join users u on u.id = s.rm_id` },
  product: {
    key: sql`s.product_id`,
    label: sql`p.name`,
    join: sql`left join products p on p.id = s.product_id`
  },
  source: { key: sql`null::bigint`, label: sql`s.source`, join: sql`` }
};

/** The firm dates for which the actor sees a report, newest first, at most 90. */
export async function pipelineDates(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ onDate: string }>(
    sql`select distinct on_date::text as "onDate" from pipeline_snapshots order by 1 desc limit 90`
  );
  return rows.map((row) => row.onDate);
}

/**
 * The pipeline as it stood at the end of a firm date, for what the actor sees: a funnel by status, and the same
 * figures by group. Empty where no report was written yet.
 */
export async function pipelineReport(
  tx: Tx,
  input: { onDate?: string | undefined; groupBy?: PipelineGroup | undefined }
) {
  const dates = await pipelineDates(tx);
  const onDate = input.onDate ?? dates[0] ?? null;
  const groupBy = input.groupBy ?? 'team';
  if (!onDate) return { onDate, dates, groupBy, funnel: [], groups: [] };
  const funnel = await tx.execute<Figures>(
    sql`select s.status, ${figures} from pipeline_snapshots s where s.on_date = ${onDate} group by s.status`
  );
  const { key, label, join } = GROUPS[groupBy];
  const groups = await tx.execute<Figures & { id: number | null; label: string | null }>(sql`
    select ${key} as id, ${label} as label, s.status, ${figures}
    from pipeline_snapshots s ${join} where s.on_date = ${onDate}
    group by 1, 2, 3 order by 2 nulls last, 3`);
  return {
    onDate,
    dates,
    groupBy,
    funnel: [...funnel],
    groups: groups.map((row) => ({ ...row, id: row.id === null ? null : Number(row.id) }))
  };
}
