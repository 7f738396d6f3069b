import { sql, type SQL } from 'drizzle-orm';
import { listLeads } from '#lib/leads/list.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { count, some } from './counted.ts';
import type { DigestContent, DigestCount, DigestSection, PipelineAt } from './model.ts';

interface Days {
  from: string;
  to: string;
}

/**
 * Leads that came, were converted and were denied on whole firm days, both included: of those that the nightly report
 * counts for the actor's people and teams, or for the whole firm.
 */
export async function movedLeads(
  tx: Tx,
  actor: Actor,
  { from, to }: Days,
  about: DigestContent['about']
): Promise<DigestSection> {
  const whose = { firm: {}, teams: { people: true, waiting: true }, own: { mine: true } }[about];
  const of = { firm: '', teams: '&rm=ours', own: '&rm=me' }[about];
  const found = async (key: DigestCount['key'], filter: object, path: string): Promise<DigestCount> => {
    const list = await listLeads(tx, actor, { filter: { ...filter, ...whose }, limit: 1 });
    return count(key, list, `/leads?${path}${of}`);
  };
  const moved = (status: 'converted' | 'denied') =>
    found(
      status,
      { status: [status], movedFrom: from, movedTo: to },
      `status=${status}&movedFrom=${from}&movedTo=${to}`
    );
  const counts = [
    await found('created', { from, to }, `from=${from}&to=${to}`),
    await moved('converted'),
    await moved('denied')
  ];
  return { key: 'moved', counts: some(counts), lines: [] };
}

/** Open leads as far as the reader sees them by the latest nightly report up to a date, and by the latest up to an earlier one; null without any. */
export const pipelineBetween = (tx: Tx, before: string, until: string) =>
  between(tx, before, until, sql`true`);

/** Of the rows `s` of nightly reports: his people's, and those of what waits with the teams he heads. */
export const rowsOfHisPeople = ({ peopleIds, headedTeamIds }: Actor): SQL =>
  sql`(s.rm_id = any (${idArray(peopleIds)}) or (s.rm_id is null and s.team_id = any (${idArray(headedTeamIds)})))`;

/** The same of the actor's people and of what waits with the teams he heads, where he may see more than these. */
export async function pipelineOfHisPeople(
  tx: Tx,
  actor: Actor,
  before: string,
  until: string
): Promise<DigestContent['pipeline']> {
  const pipeline = await between(tx, before, until, rowsOfHisPeople(actor));
  return pipeline && actor.seesAll ? { ...pipeline, path: '/leads?rm=ours&status=open' } : pipeline;
}

async function between(
  tx: Tx,
  before: string,
  until: string,
  whose: SQL
): Promise<DigestContent['pipeline']> {
  const now = await pipelineAt(tx, until, whose);
  if (!now) return null;
  const earlier = await pipelineAt(tx, before, whose);
  return { now, before: earlier && earlier.on !== now.on ? earlier : null };
}

async function pipelineAt(tx: Tx, until: string, whose: SQL): Promise<PipelineAt | null> {
  const [row] = await tx.execute<{ on: string | null; open: number; value: string }>(sql`
    select s.on_date::text as "on", coalesce(sum(s.leads) filter (where s.status in ('new', 'wip')), 0)::int as open,
      coalesce(sum(s.value) filter (where s.status in ('new', 'wip')), 0)::text as value
    from pipeline_snapshots s
    where s.on_date = (select max(on_date) from pipeline_snapshots where on_date <= ${until}::date) and ${whose}
    group by s.on_date`);
  return row?.on ? { on: row.on, open: row.open, value: row.value } : null;
}
