import { sql, type SQL } from 'drizzle-orm';
import { planNew, type NewClock } from '#lib/clocks/new-clocks.server.ts';
import { databaseNow, startPlanned, waitOn } from '#lib/clocks/commands.server.ts';
import type { Subject, SubjectKind, TargetName, WaitingFor } from '#lib/clocks/model.ts';
import { matchOf, type LoadedPolicy } from '#lib/clocks/policies.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import { readSubjects } from '#lib/clocks/subjects.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Reviser } from './revision.server.ts';

/** An open record that may lack a clock. */
interface Lacking {
  id: number;
  /** Nobody has answered or begun yet, so that a first response can still be given. */
  fresh: boolean;
  waitingOn: WaitingFor | null;
  waitingWhy: string | null;
  /** Targets whose clocks run. */
  running: TargetName[];
}

const OPEN: Record<SubjectKind, SQL> = {
  query: sql`queries s where s.status in ('open', 'in_progress')`,
  request: sql`service_requests s where s.status in ('pending', 'in_progress')`,
  lead: sql`leads s where s.status in ('new', 'wip')`,
  client: sql`clients s where s.lifecycle = 'active'`
};

const FRESH: Record<SubjectKind, SQL> = {
  query: sql`s.status = 'open' and s.first_responded_at is null`,
  request: sql`s.status = 'pending'`,
  lead: sql`false`,
  client: sql`false`
};

const isWork = (kind: SubjectKind) => kind === 'query' || kind === 'request';

/** Open records without a running clock for what their kind is promised on the whole, by id. */
function readLacking(tx: Tx, kind: SubjectKind, afterId: number, limit: number): Promise<Lacking[]> {
  const waiting = isWork(kind)
    ? sql`'waitingOn', s.waiting_on, 'waitingWhy', s.waiting_why`
    : sql`'waitingOn', null, 'waitingWhy', null`;
  const clocksOf = sql`from clocks k where k.subject_kind = ${kind} and k.subject_id = s.id
    and k.state in ('running', 'paused')`;
  const lacks = isWork(kind)
    ? sql`not exists (select 1 ${clocksOf} and k.target = 'resolution') or (${FRESH[kind]}
        and not exists (select 1 from clocks k where k.subject_kind = ${kind} and k.subject_id = s.id
          and k.target = 'first_response'))`
    : sql`not exists (select 1 ${clocksOf})`;
  return jsonRows<Lacking>(
    tx,
    sql`select json_build_object('id', s.id, 'fresh', ${FRESH[kind]}, ${waiting},
        'running', (select coalesce(json_agg(k.target), '[]'::json) ${clocksOf})) as row
      from ${OPEN[kind]} and s.id > ${afterId} and (${lacks}) order by s.id limit ${limit}`
  );
}

interface Match {
  record: Lacking;
  subject: Subject;
  policy: LoadedPolicy;
}

/** Of these, the records that match the changed policy. */
async function matching(tx: Tx, { policy }: Reviser, records: Lacking[]): Promise<Match[]> {
  if (!policy) return [];
  const ids = records.map(({ id }) => id);
  const subjects = await readSubjects(tx, policy.kind, ids);
  return records.flatMap((record) => {
    const subject = subjects.get(record.id);
    if (!subject) return [];
    const match = matchOf(policy.all, subject);
    return match?.policyId === policy.id ? [{ record, subject, policy: match }] : [];
  });
}

/** What is promised to a record that has been open for a while: time begins with the promise. */
const promisedNow = ({ record, policy }: Match) =>
  policy.targets.filter(
    ({ target, unit }) =>
      unit !== 'on_date' &&
      !record.running.includes(target) &&
      (target === 'resolution' || (target === 'first_response' && record.fresh))
  );

/** How many open records the changed policy promises something that do not have it yet, of the first `most`. */
export async function countMissing(tx: Tx, reviser: Reviser, most: number): Promise<number> {
  const { policy } = reviser;
  if (!policy?.all.some(({ policyId }) => policyId === policy.id)) return 0;
  const found = await matching(tx, reviser, await readLacking(tx, policy.kind, 0, most));
  return isWork(policy.kind) ? found.filter((one) => promisedNow(one).length > 0).length : found.length;
}

interface Begun {
  begun: number;
  /** The last record that was looked at; null where there are no more. */
  last: number | null;
}

/**
 * Starts what the changed policy promises to queries and requests that have no clock for it. Leads and clients are
 * brought up by their own worker, which works out from the record when each of their promises began.
 */
export async function startMissing(
  tx: Tx,
  reviser: Reviser,
  { afterId, limit, cause }: { afterId: number; limit: number; cause: string }
): Promise<Begun> {
  const { policy } = reviser;
  if (!policy?.all.some(({ policyId }) => policyId === policy.id)) return { begun: 0, last: null };
  if (!isWork(policy.kind)) return { begun: await refreshAll(tx, policy.kind), last: null };
  const records = await readLacking(tx, policy.kind, afterId, limit);
  const found = await matching(tx, reviser, records);
  const now = await databaseNow(tx);
  const planned: NewClock[] = found.flatMap((one) =>
    promisedNow(one).map((target) => planNew(one.policy, target, one.subject, { startedAt: now, cause, now }))
  );
  const added = await startPlanned(tx, planned, now);
  for (const { record, subject } of found) {
    if (record.waitingOn) await waitOn(tx, subject, record.waitingOn, record.waitingWhy ?? '', { at: now });
  }
  return { begun: added.length, last: records.at(-1)?.id ?? null };
}

async function refreshAll(tx: Tx, kind: SubjectKind): Promise<number> {
  const asked = await tx.execute(sql`
    insert into clock_refresh (subject_kind, subject_id) select ${kind}, s.id from ${OPEN[kind]}
      and not exists (select 1 from clocks k where k.subject_kind = ${kind} and k.subject_id = s.id
        and k.state in ('running', 'paused'))
    on conflict do nothing returning 1`);
  await tx.execute(sql`select pg_notify('rapport_clocks', '')`);
  return asked.length;
}
