import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { slaSummary, type SlaFigures } from '#lib/reports/digest-parts.server.ts';
import { beginningOf, later, mondayOf, type Day } from './days.server.ts';
import type { CountKey, DigestContent, DigestCount, DigestSection, KeptPromises } from './model.ts';
import { movedLeads, pipelineBetween } from './pipeline.server.ts';

/** What an administrator should know of the week that ended: promises, escalations, the pipeline, what needs a hand. */
export async function weeklyContent(tx: Tx, actor: Actor, day: Day): Promise<DigestContent> {
  const monday = mondayOf(day.date);
  const week = { from: later(monday, -7), to: later(monday, -1) };
  const before = { from: later(week.from, -7), to: later(week.from, -1) };
  const kept = await keptPromises(tx, week);
  const keptBefore = await keptPromises(tx, before);
  const sections = [
    await steps(tx, week, day.timeZone),
    await movedLeads(tx, actor, week, 'firm'),
    await attention(tx, { from: week.from, since: beginningOf(week.from, day.timeZone) })
  ];
  return {
    kind: 'weekly',
    about: 'firm',
    since: beginningOf(week.from, day.timeZone).toISOString(),
    sections: sections.filter(({ counts }) => counts.length > 0),
    pipeline: await pipelineBetween(tx, before.to, week.to),
    promises: { ...week, ...kept, before: keptBefore.whole }
  };
}

interface Days {
  from: string;
  to: string;
}

const between = (column: string, { from, to }: Days, timeZone: string) =>
  sql`${sql.raw(column)} >= ${beginningOf(from, timeZone).toISOString()}::timestamptz
    and ${sql.raw(column)} < ${beginningOf(later(to, 1), timeZone).toISOString()}::timestamptz`;

/** How promises were kept on the days: in all, and by team. */
async function keptPromises(
  tx: Tx,
  { from, to }: Days
): Promise<{ whole: KeptPromises; teams: KeptPromises[] }> {
  const { all, teams } = await slaSummary(tx, from, to);
  const kept = (team: string | null, { ended, late }: SlaFigures) => ({ team, ended, kept: ended - late });
  return { whole: kept(null, all), teams: teams.map(({ name, ...figures }) => kept(name, figures)) };
}

async function steps(tx: Tx, days: Days, timeZone: string): Promise<DigestSection> {
  const rows = await tx.execute<{ kind: string; total: number }>(sql`
    select kind, count(*)::int as total from escalations
    where kind <> 'warning' and ${between('carried_out_at', days, timeZone)} group by kind`);
  const path = (step: string) => `/reports/escalations?from=${days.from}&to=${days.to}&step=${step}`;
  const of = (kind: string, key: CountKey): DigestCount[] => {
    const total = rows.find((row) => row.kind === kind)?.total ?? 0;
    return total > 0 ? [{ key, total, path: path(kind) }] : [];
  };
  return {
    key: 'steps',
    counts: [...of('breach', 'breaches'), ...of('escalation', 'escalations')],
    lines: []
  };
}

/** What did not get through and waits for a person. */
async function attention(tx: Tx, { from, since }: { from: string; since: Date }): Promise<DigestSection> {
  const at = since.toISOString();
  const [row] = await tx.execute<Record<string, number>>(sql`
    select (select count(*)::int from job_runs where state = 'failed' and due_at >= ${at}::timestamptz) as "failedRuns",
      (select count(*)::int from dead_letters where retried_at is null and discarded_at is null) as "deadJobs",
      (select count(*)::int from mail_outbox where state = 'unknown') as "unknownMails",
      (select count(*)::int from mail_outbox where state = 'parked') as "parkedMails",
      (select count(*)::int from digests where state = 'failed' and tried_at >= ${at}::timestamptz) as "failedDigests"`);
  const paths = {
    failedRuns: `/admin/jobs?state=failed&from=${from}#history`,
    deadJobs: '/admin/jobs#failed-for-good',
    unknownMails: '/admin/outbox?state=unknown',
    parkedMails: '/admin/outbox?state=parked',
    failedDigests: `/admin/jobs?schedule=${DIGESTS}&from=${from}#history`
  } satisfies Partial<Record<CountKey, string>>;
  const counts = Object.entries(paths).map(([key, path]) => ({
    key: key as CountKey,
    total: row?.[key] ?? 0,
    path
  }));
  return { key: 'attention', counts: counts.filter(({ total }) => total > 0), lines: [] };
}

/** The schedule whose runs tell of digests that could not be written. */
const DIGESTS = 'digests.write';
