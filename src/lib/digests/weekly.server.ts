import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { beginningOf, later, mondayOf, type Day } from './days.server.ts';
import type { CountKey, DigestContent, DigestCount, DigestSection, KeptPromises } from './model.ts';
import { movedLeads, pipelineBetween } from './pipeline.server.ts';

/** What an administrator should know of the week that ended: promises, escalations, the pipeline, what needs a hand. */
export async function weeklyContent(tx: Tx, actor: Actor, day: Day): Promise<DigestContent> {
  const monday = mondayOf(day.date);
  const week = { from: later(monday, -7), to: later(monday, -1) };
  const before = { from: later(week.from, -7), to: later(week.from, -1) };
  const kept = await keptPromises(tx, week, day.timeZone);
  const whole = kept.find(({ team }) => team === null) ?? NONE;
  const teams = kept.filter(({ team }) => team !== null);
  const keptBefore = await keptPromises(tx, before, day.timeZone);
  const sections = [
    await steps(tx, week, day.timeZone),
    await movedLeads(tx, actor, week),
    await attention(tx, beginningOf(week.from, day.timeZone))
  ];
  return {
    kind: 'weekly',
    about: 'firm',
    since: beginningOf(week.from, day.timeZone).toISOString(),
    sections: sections.filter(({ counts }) => counts.length > 0),
    pipeline: await pipelineBetween(tx, before.to, week.to),
    promises: { ...week, teams, whole, before: keptBefore.find(({ team }) => team === null) ?? NONE }
  };
}

const NONE: KeptPromises = { team: null, ended: 0, kept: 0 };

interface Days {
  from: string;
  to: string;
}

const between = (column: string, { from, to }: Days, timeZone: string) =>
  sql`${sql.raw(column)} >= ${beginningOf(from, timeZone).toISOString()}::timestamptz
    and ${sql.raw(column)} < ${beginningOf(later(to, 1), timeZone).toISOString()}::timestamptz`;

/** Promises that ended on the days, by the team that has the work now; the row without a name is all of them. */
async function keptPromises(tx: Tx, days: Days, timeZone: string): Promise<KeptPromises[]> {
  const rows = await tx.execute<{ team: string | null; whole: boolean; ended: number; kept: number }>(sql`
    select coalesce(t.name, 'No team') as team, grouping(t.name) = 1 as whole, count(*)::int as ended,
      count(*) filter (where k.breached_at is null)::int as kept
    from clocks k
    left join queries q on k.subject_kind = 'query' and q.id = k.subject_id
    left join service_requests r on k.subject_kind = 'request' and r.id = k.subject_id
    left join leads l on k.subject_kind = 'lead' and l.id = k.subject_id
    left join clients c on k.subject_kind = 'client' and c.id = k.subject_id
    left join users u on u.id = coalesce(q.rm_id, r.assignee_id, l.conversion_rm_id, c.primary_rm_id)
    left join teams t on t.id = coalesce(q.team_id, r.team_id, u.main_team_id, l.team_id)
    where k.state = 'satisfied' and ${between('k.ended_at', days, timeZone)}
    group by rollup (t.name) order by 2, t.name nulls last`);
  return rows.map(({ team, whole, ended, kept }) => ({ team: whole ? null : team, ended, kept }));
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
async function attention(tx: Tx, since: Date): Promise<DigestSection> {
  const from = since.toISOString();
  const [row] = await tx.execute<Record<string, number>>(sql`
    select (select count(*)::int from job_runs where state = 'failed' and due_at >= ${from}::timestamptz) as "failedRuns",
      (select count(*)::int from dead_letters where retried_at is null and discarded_at is null) as "deadJobs",
      (select count(*)::int from mail_outbox where state = 'unknown') as "unknownMails",
      (select count(*)::int from mail_outbox where state = 'parked') as "parkedMails",
      (select count(*)::int from digests where state = 'failed' and tried_at >= ${from}::timestamptz) as "failedDigests"`);
  const counts = Object.entries(PATHS).map(([key, path]) => ({
    key: key as CountKey,
    total: row?.[key] ?? 0,
    path
  }));
  return { key: 'attention', counts: counts.filter(({ total }) => total > 0), lines: [] };
}

const PATHS = {
  failedRuns: '/admin/jobs?state=failed',
  deadJobs: '/admin/jobs',
  unknownMails: '/admin/outbox?state=unknown',
  parkedMails: '/admin/outbox?state=parked',
  failedDigests: '/admin/jobs'
} satisfies Partial<Record<CountKey, string>>;
