import { sql } from 'drizzle-orm';
import { databaseNow, startPlanned, takeUpLapsed, waitOn } from '#lib/clocks/commands.server.ts';
import { readLapsed } from '#lib/clocks/lapsed.server.ts';
import type { Subject, SubjectKind } from '#lib/clocks/model.ts';
import { planNew, type NewClock } from '#lib/clocks/new-clocks.server.ts';
import { lockWork } from '#lib/clocks/open-clocks.server.ts';
import { readOwed } from '#lib/clocks/owed.server.ts';
import { matchOf, type LoadedPolicy, type PolicyTarget } from '#lib/clocks/policies.server.ts';
import { readSubjects } from '#lib/clocks/subjects.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { kindOf, readLacking, type Lacking, type Page } from './lacking.server.ts';
import type { Reviser } from './revision.server.ts';

/** Records that the preview reads at a time. */
const PAGE = 2_000;

interface Match {
  record: Lacking;
  subject: Subject;
  policy: LoadedPolicy;
}

/**
 * The records with the policies that match them. That need not be the one that changed: where it fits no longer, or is
 * out of use, another may promise more. Work on which nothing was promised before is left alone by other policies.
 */
async function matching(
  tx: Tx,
  { id, kind, all }: NonNullable<Reviser['policy']>,
  records: Lacking[]
): Promise<Match[]> {
  const { work } = kindOf(kind);
  const subjects = await readSubjects(
    tx,
    kind,
    records.map(({ id }) => id)
  );
  return records.flatMap((record) => {
    const subject = subjects.get(record.id);
    const policy = subject && matchOf(all, subject);
    const concerned = policy && (!work || record.known || policy.policyId === id);
    return subject && concerned ? [{ record, subject, policy }] : [];
  });
}

/** What is promised to work that has been open for a while: time begins with the promise, unless it had lapsed. */
const promisedNow = ({ record, policy }: Match): PolicyTarget[] =>
  policy.targets.filter(
    ({ target, unit }) =>
      unit !== 'on_date' &&
      !record.running.includes(target) &&
      !record.lapsed.includes(target) &&
      (target === 'resolution' || (target === 'first_response' && record.fresh))
  );

/** Of these, the records on which something would begin. */
async function beginning(tx: Tx, of: SubjectKind, found: Match[]): Promise<number> {
  const { kind, work } = kindOf(of);
  const ids = found.map(({ record }) => record.id);
  const owed = work
    ? (await readLapsed(tx, kind, ids, { lock: false })).map(({ subjectId, target }) => ({
        id: subjectId,
        target,
        onDate: null
      }))
    : await readOwed(tx, kind, ids);
  const owedBy = Map.groupBy(owed, ({ id }) => id);
  const begins = (one: Match) =>
    (owedBy.get(one.record.id) ?? []).some(
      ({ target, onDate }) =>
        !one.record.running.includes(target) &&
        one.policy.targets.some(
          (each) => each.target === target && (each.unit !== 'on_date' || onDate !== null)
        )
    );
  return found.filter((one) => begins(one) || (work && promisedNow(one).length > 0)).length;
}

/** How many open records have something promised that they do not have a clock for yet. */
export async function countMissing(tx: Tx, { policy }: Reviser): Promise<number> {
  if (!policy) return 0;
  let count = 0;
  for (let afterId = 0; ;) {
    const records = await readLacking(tx, policy.kind, policy.all, { afterId, limit: PAGE, possible: true });
    const last = records.at(-1);
    if (!last) return count;
    count += await beginning(tx, policy.kind, await matching(tx, policy, records));
    afterId = last.id;
  }
}

interface Begun {
  begun: number;
  /** The last record that was looked at; null where there are no more. */
  last: number | null;
}

/**
 * Starts what policies promise to the next so many queries and requests that have no clock for it. Leads and clients
 * are brought up by their own worker, which works out from the record when each of their promises began.
 */
export async function startMissing(
  tx: Tx,
  { policy }: Reviser,
  { cause, ...page }: Page & { cause: string }
): Promise<Begun> {
  if (!policy) return { begun: 0, last: null };
  const records = await readLacking(tx, policy.kind, policy.all, page);
  const last = records.at(-1)?.id ?? null;
  if (last === null) return { begun: 0, last };
  const { work } = kindOf(policy.kind);
  const matched = await matching(tx, policy, records);
  const found = work ? await lockFound(tx, policy, matched, page) : matched;
  const begun = await beginning(tx, policy.kind, found);
  if (work) await startWork(tx, policy, found, cause);
  else
    await askForRefresh(
      tx,
      policy.kind,
      found.map(({ record }) => record.id)
    );
  return { begun, last };
}

/** The records locked, before any of their clocks, and what they are once nobody else has them. */
async function lockFound(
  tx: Tx,
  policy: NonNullable<Reviser['policy']>,
  found: Match[],
  page: Page
): Promise<Match[]> {
  const among = found.map(({ record }) => record.id);
  if (among.length === 0) return [];
  await lockWork(tx, policy.kind, among);
  return matching(tx, policy, await readLacking(tx, policy.kind, policy.all, { ...page, among }));
}

/** Begins what is promised to records that are locked. */
async function startWork(
  tx: Tx,
  { kind, all }: { kind: SubjectKind; all: LoadedPolicy[] },
  found: Match[],
  cause: string
): Promise<void> {
  const subjects = new Map(found.map(({ record, subject }) => [record.id, subject]));
  await takeUpLapsed(tx, kind, subjects, all);
  const now = await databaseNow(tx);
  const lacking = found.filter((one) => promisedNow(one).length > 0);
  const planned: NewClock[] = lacking.flatMap((one) =>
    promisedNow(one).map((target) => planNew(one.policy, target, one.subject, { startedAt: now, cause, now }))
  );
  await startPlanned(tx, planned, now);
  for (const { record, subject } of lacking) {
    if (record.waitingOn) await waitOn(tx, subject, record.waitingOn, record.waitingWhy ?? '', { at: now });
  }
}

async function askForRefresh(tx: Tx, kind: SubjectKind, ids: number[]): Promise<void> {
  await tx.execute(sql`
    insert into clock_refresh (subject_kind, subject_id)
    select ${kind}, id from unnest(${idArray(ids)}) asked (id) order by id
    on conflict do nothing`);
  await tx.execute(sql`select pg_notify('rapport_clocks', '')`);
}
