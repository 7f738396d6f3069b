import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { databaseNow, replanAndWake, reviseClocksOf, startPlanned } from './commands.server.ts';
import { followCadence } from './contact-cadence.server.ts';
import { startOf } from './late-start.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { planNew } from './new-clocks.server.ts';
import { lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf, stepsFor } from './policies.server.ts';
import { readClientFacts, readLeadFacts } from './refresh-facts.server.ts';
import { CLIENT_RULES, LEAD_RULES, type Change, type Promised, type Rules } from './refresh-promises.ts';
import { readKept, runAgain } from './refresh-undo.server.ts';
import { readSubjects } from './subjects.server.ts';
import { dueOnDate } from './targets.ts';
import { refreshWork } from './work-refresh.server.ts';

interface Batch {
  limit: number;
  /** Only what waits since then or longer. */
  until: Date;
}

/**
 * Brings the clocks of at most `limit` records that have changed to what the records say now, as system.
 * What was taken is gone with the same transaction, so a crash loses nothing; what another process has taken, or
 * somebody is changing again, is left alone. Returns how many records were looked at.
 */
export async function drainRefresh(tx: Tx, { limit, until }: Batch): Promise<number> {
  const taken = await tx.execute<{ kind: SubjectKind; id: number; since: string }>(sql`
    delete from clock_refresh r using (
      select subject_kind, subject_id from clock_refresh where since <= ${until.toISOString()}::timestamptz
      order by since, subject_kind, subject_id limit ${limit} for update skip locked) t
    where r.subject_kind = t.subject_kind and r.subject_id = t.subject_id
    returning r.subject_kind as kind, r.subject_id::int8 as id, r.since`);
  const since = (kind: SubjectKind) =>
    new Map(
      [...taken]
        .filter((row) => row.kind === kind)
        .map((row) => [Number(row.id), new Date(row.since)] as const)
    );
  for (const kind of ['query', 'request'] as const) {
    const ids = [...since(kind).keys()];
    if (ids.length > 0) await refreshWork(tx, kind, ids);
  }
  await refresh(tx, { kind: 'lead', rules: LEAD_RULES, read: readLeadFacts }, since('lead'));
  const clients = since('client');
  await refresh(tx, { kind: 'client', rules: CLIENT_RULES, read: readClientFacts }, clients);
  if (clients.size > 0) await followCadence(tx, [...clients.keys()]);
  return taken.length;
}

/** Lets the record that waits longest wait another minute, since it cannot be brought up to date; null without one. */
export async function postponeRefresh(
  tx: Tx,
  until: Date
): Promise<{ kind: SubjectKind; id: number } | null> {
  const [row] = await tx.execute<{ kind: SubjectKind; id: number }>(sql`
    update clock_refresh r set since = clock_timestamp() + interval '1 minute' from (
      select subject_kind, subject_id from clock_refresh where since <= ${until.toISOString()}::timestamptz
      order by since, subject_kind, subject_id limit 1 for update skip locked) t
    where r.subject_kind = t.subject_kind and r.subject_id = t.subject_id
    returning r.subject_kind as kind, r.subject_id::int8 as id`);
  return row ?? null;
}

interface Followed {
  id: number;
  createdAt: Date;
}

interface Following<F extends Followed> {
  kind: SubjectKind;
  rules: Rules<F>;
  read: (tx: Tx, ids: number[]) => Promise<F[]>;
}

/** `since`: the records by id, and since when each waits. */
async function refresh<F extends Followed>(
  tx: Tx,
  following: Following<F>,
  since: Map<number, Date>
): Promise<void> {
  if (since.size === 0) return;
  const ids = [...since.keys()];
  const { kind } = following;
  // Another team, tier or tag may bring another policy.
  await reviseClocksOf(tx, kind, ids);
  await undo(tx, following, ids);
  const open = byTarget(await lockOpenClocksOf(tx, kind, ids));
  const kept = new Map(
    (await readKept(tx, kind, ids)).map((each) => [keyOf(each.subjectId, each.target), each])
  );
  const now = await databaseNow(tx);
  const changes = (await following.read(tx, ids)).flatMap((facts) =>
    targetsOf(following.rules).map(([target, rule]) => {
      const key = keyOf(facts.id, target);
      const running = open.get(key);
      const clocks = { running: running && stateOf(running), kept: kept.get(key) };
      const change = rule.change(facts, clocks, since.get(facts.id) ?? now);
      return { id: facts.id, target, running, change, createdAt: facts.createdAt };
    })
  );
  await carryOut(tx, kind, changes, now);
}

/** Where what kept a promise is gone, the promise runs again. */
async function undo<F extends Followed>(
  tx: Tx,
  { kind, rules, read }: Following<F>,
  ids: number[]
): Promise<void> {
  const kept = await readKept(tx, kind, ids);
  if (kept.length === 0) return;
  const open = byTarget(await lockOpenClocksOf(tx, kind, ids));
  const facts = new Map((await read(tx, ids)).map((each) => [each.id, each]));
  const undone = kept.filter((clock) => {
    const record = facts.get(clock.subjectId);
    const running = open.get(keyOf(clock.subjectId, clock.target));
    return record && rules[clock.target]?.isUndone(record, running && stateOf(running), clock);
  });
  const followers = undone.flatMap(({ subjectId, target }) => open.get(keyOf(subjectId, target)) ?? []);
  await runAgain(tx, kind, undone, followers);
}

interface ChangeOf {
  id: number;
  target: TargetName;
  running: OpenClock | undefined;
  change: Change;
  /** Of the record. */
  createdAt: Date;
}

async function carryOut(tx: Tx, kind: SubjectKind, changes: ChangeOf[], now: Date): Promise<void> {
  const at = new Map(changes.map(({ running, change }) => [running?.id, change.end?.at]));
  for (const state of ['satisfied', 'cancelled'] as const) {
    const ended = changes.flatMap(({ running, change }) =>
      running && change.end?.state === state ? [running] : []
    );
    await endClocks(tx, ended, state, ({ id }) => ({ at: at.get(id) ?? now }));
  }
  const begun = changes.flatMap(({ id, target, change, createdAt }) =>
    change.begin ? [{ id, target, promised: change.begin, createdAt }] : []
  );
  await begin(tx, kind, [...begun, ...(await move(tx, changes, now))], now);
}

interface Begun {
  id: number;
  target: TargetName;
  promised: Promised;
  /** Of the record. */
  createdAt: Date;
}

/**
 * Who was reminded of the old date is reminded of the new one too: that takes the next round, which is returned. So
 * does a date before the clock began.
 */
async function move(tx: Tx, changes: ChangeOf[], now: Date): Promise<Begun[]> {
  const moved = changes.flatMap(({ running, change: { moveTo }, createdAt }) =>
    running && moveTo !== undefined ? [{ running, moveTo, createdAt }] : []
  );
  const isQuiet = ({ running: { carried, terms }, moveTo }: (typeof moved)[number]) =>
    carried.length === 0 && terms.startedAt < dueOnDate(terms.calendar, moveTo, terms.target.amount);
  const quiet = moved.filter(isQuiet);
  await replanAndWake(
    tx,
    quiet.map(({ running, moveTo }) => ({ ...running, terms: { ...running.terms, onDate: moveTo } }))
  );
  const heard = moved.filter((each) => !isQuiet(each));
  await endClocks(
    tx,
    heard.map(({ running }) => running),
    'cancelled'
  );
  return heard.map(({ running: { subjectId, target }, moveTo, createdAt }) => ({
    id: subjectId,
    target,
    createdAt,
    promised: { startedAt: now, onDate: moveTo, cause: 'Moved to another day' }
  }));
}

async function begin(tx: Tx, kind: SubjectKind, begun: Begun[], now: Date): Promise<void> {
  if (begun.length === 0) return;
  const policies = await loadPolicies(tx, kind);
  const subjects = await readSubjects(
    tx,
    kind,
    begun.map(({ id }) => id)
  );
  const planned = begun.flatMap(({ id, target, promised, createdAt }) => {
    const subject = subjects.get(id);
    const policy = subject && matchOf(policies, subject);
    const promise = policy?.targets.find((each) => each.target === target);
    const isDateless = promise?.unit === 'on_date' && promised.onDate === null;
    if (!subject || !policy || !promise || isDateless) return [];
    const terms = { calendar: policy.calendar, target: promise, steps: stepsFor(policy, target) };
    return [planNew(policy, promise, subject, { ...startOf(promised, terms, createdAt), now })];
  });
  await startPlanned(tx, planned, now);
}

const keyOf = (id: number, target: TargetName) => `${target} ${id}`;

const byTarget = (open: OpenClock[]) =>
  new Map(open.map((clock) => [keyOf(clock.subjectId, clock.target), clock]));

const stateOf = ({ terms: { startedAt, takenUpAt, onDate } }: OpenClock) => ({
  startedAt,
  since: takenUpAt ?? startedAt,
  onDate
});

const targetsOf = <F>(rules: Rules<F>) =>
  Object.entries(rules) as [TargetName, NonNullable<Rules<F>[TargetName]>][];
