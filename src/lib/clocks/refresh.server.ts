import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { databaseNow, replanAndWake, reviseClocksOf } from './commands.server.ts';
import { followCadence } from './contact-cadence.server.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { takeNotes, type Note } from './notes.server.ts';
import { lockOpenClocksOf, type OpenClock } from './open-clocks.server.ts';
import { beginPromises, keyOf, type Begun } from './refresh-begin.server.ts';
import { readClientFacts, readLeadFacts, stateOf } from './refresh-facts.server.ts';
import { CLIENT_RULES, LEAD_RULES, type Change, type Rules } from './refresh-promises.ts';
import { readKept, readPast, runAgain } from './refresh-undo.server.ts';
import { dueOnDate } from './targets.ts';
import { refreshWork } from './work-refresh.server.ts';

/** Brings the clocks of records that were noted to what the records say now, as system; the caller has locked them. */
async function takeIn(tx: Tx, notes: Note[]): Promise<void> {
  const since = (kind: SubjectKind) =>
    new Map(notes.filter((note) => note.kind === kind).map((note) => [note.id, note.since] as const));
  for (const kind of ['query', 'request'] as const) {
    const ids = [...since(kind).keys()];
    if (ids.length > 0) await refreshWork(tx, kind, ids);
  }
  await refresh(tx, { kind: 'lead', rules: LEAD_RULES, read: readLeadFacts }, since('lead'));
  const clients = since('client');
  await refresh(tx, { kind: 'client', rules: CLIENT_RULES, read: readClientFacts }, clients);
  if (clients.size > 0) await followCadence(tx, [...clients.keys()]);
}

/**
 * Takes the notes of at most `limit` records and brings their clocks up to them. What was taken is gone with the same
 * transaction, so a crash loses nothing. `taken` hears of the notes before anything can go wrong with them. Returns how
 * many there were.
 */
export async function drainRefresh(
  tx: Tx,
  batch: { limit: number; until: Date },
  taken: (notes: Note[]) => void = () => undefined
): Promise<number> {
  const notes = await takeNotes(tx, batch);
  taken(notes);
  await takeIn(tx, notes);
  return notes.length;
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
    (await readPast(tx, kind, ids)).map((each) => [keyOf(each.subjectId, each.target), each])
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

/** Where what kept a promise is gone, the promise runs again, if it is still made. */
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
  if (undone.length > 0)
    await reviseClocksOf(tx, kind, [...new Set(undone.map(({ subjectId }) => subjectId))]);
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
  await beginPromises(tx, kind, [...begun, ...(await move(tx, changes, now))], now);
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

const byTarget = (open: OpenClock[]) =>
  new Map(open.map((clock) => [keyOf(clock.subjectId, clock.target), clock]));

const targetsOf = <F>(rules: Rules<F>) =>
  Object.entries(rules) as [TargetName, NonNullable<Rules<F>[TargetName]>][];
