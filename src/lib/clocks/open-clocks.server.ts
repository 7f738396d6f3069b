import { sql, type SQL } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { calendarOf, type CalendarRef } from './calendars.server.ts';
import {
  SUBJECT_KINDS,
  type SegmentKind,
  type SubjectKind,
  type SubjectRef,
  type TargetName,
  type TargetUnit
} from './model.ts';
import { RECORDS } from './notes.server.ts';
import type { PolicyRules, Segment } from './plan.ts';
import { calendarJson, stepsJson, type PolicyStep } from './policies.server.ts';
import { jsonRows } from './rows.server.ts';
import type { CarriedStep } from './step-turns.ts';
import type { Plannable } from './stored-plan.ts';

/** A clock with all that its plan is worked out from, see `storedPlan`. */
export interface OpenClock extends Plannable {
  id: number;
  subjectKind: SubjectKind;
  subjectId: number;
  target: TargetName;
  policyVersionId: number;
  calendarId: number;
  /** Of the calendar as it was read. */
  calendarVersion: number;
  /** As it is stored; null while it stands still. */
  dueAt: Date | null;
  /** The database's clock. */
  now: Date;
}

interface SegmentRow {
  kind: SegmentKind;
  from: string;
  to: string | null;
}

/** A clock as `clockJson` writes it. */
export interface ClockRow extends PolicyRules {
  id: number;
  subjectKind: SubjectKind;
  subjectId: number;
  target: TargetName;
  policyId: number;
  policyVersionId: number;
  startedAt: string;
  takenUpAt: string | null;
  onDate: string | null;
  dueAt: string | null;
  breachedAt: string | null;
  heldUntil: string | null;
  now: string;
  calendar: CalendarRef;
  amount: number;
  unit: TargetUnit;
  segments: SegmentRow[];
  steps: PolicyStep[];
  carried: (Omit<CarriedStep, 'at'> & { at: string })[];
  turns: Partial<Record<string, number>>;
}

const isOpen = sql`k.state in ('running', 'paused')`;

const segmentsJson = sql`(select coalesce(json_agg(json_build_object(
    'kind', g.kind, 'from', g.from_at, 'to', g.to_at) order by g.id), '[]'::json)
    from clock_segments g where g.clock_id = k.id)`;

const carriedJson = sql`(select coalesce(json_agg(json_build_object(
    'key', e.step_key, 'turn', e.turn, 'policyId', o.policy_id, 'kind', e.kind, 'tell', e.tell,
    'tellUserId', e.tell_user_id, 'does', e.does, 'at', e.carried_out_at) order by e.id), '[]'::json)
    from escalations e join policy_versions o on o.id = e.policy_version_id where e.clock_id = k.id)`;

/** A clock `k` with its target `t`, its policy version `v` and its calendar `c`, and all that its plan is worked out from. */
export const clockJson = sql`jsonb_build_object(
    'id', k.id, 'subjectKind', k.subject_kind, 'subjectId', k.subject_id, 'target', k.target,
    'policyId', v.policy_id, 'policyVersionId', k.policy_version_id, 'startedAt', k.started_at, 'takenUpAt', k.taken_up_at,
    'onDate', k.on_date, 'dueAt', k.due_at, 'breachedAt', k.breached_at, 'heldUntil', k.held_until, 'now', now(), 'calendar', ${calendarJson},
    'amount', t.amount, 'unit', t.unit, 'pausesClient', v.pauses_client,
    'pausesThirdParty', v.pauses_third_party, 'workingHoursOnly', v.working_hours_only,
    'segments', ${segmentsJson}, 'steps', ${stepsJson(sql`k.policy_version_id`)},
    'carried', ${carriedJson}, 'turns', (select coalesce(json_object_agg(s.step_key, s.turn), '{}'::json)
      from clock_steps s where s.clock_id = k.id))`;

export const clockTables = sql`clocks k
    join policy_versions v on v.id = k.policy_version_id
    join calendars c on c.id = k.calendar_id
    join policy_targets t on t.policy_version_id = k.policy_version_id and t.target = k.target`;

/** The subject's clocks that have not ended, locked until the end of the transaction. */
export function lockOpenClocks(tx: Tx, { kind, id }: SubjectRef): Promise<OpenClock[]> {
  return lockOpenClocksOf(tx, kind, [id]);
}

/** The clocks of many subjects that have not ended, locked until the end of the transaction. */
export function lockOpenClocksOf(tx: Tx, kind: SubjectKind, ids: number[]): Promise<OpenClock[]> {
  return lockAndRead(
    tx,
    sql`k.subject_kind = ${kind} and ${isOpen}
      and k.subject_id = any (${idArray(ids)})`
  );
}

/** One clock that has not ended, locked; undefined where there is none or the reader does not see it. */
export async function lockOpenClock(tx: Tx, id: number): Promise<OpenClock | undefined> {
  const [clock] = await lockAndRead(tx, sql`k.id = ${id} and ${isOpen}`);
  return clock;
}

/** These clocks, ended or not, locked until the end of the transaction. */
export function lockClocks(tx: Tx, ids: number[]): Promise<OpenClock[]> {
  return lockAndRead(tx, sql`k.id = any (${idArray(ids)})`);
}

/** These clocks, ended or not, as they are, for who writes none of them. */
export function findClocks(tx: Tx, ids: number[]): Promise<OpenClock[]> {
  return readClocks(tx, sql`k.id = any (${idArray(ids)})`);
}

export interface OpenClockPage {
  /** The last id of the page before; 0 for the first. */
  afterId: number;
  limit: number;
  /** Only those under any version of this policy. */
  policyId?: number;
  /** Only those on this calendar. */
  calendarId?: number;
  /** Only those of this kind of record. */
  kind?: SubjectKind;
  /** Locked until the end of the transaction, to be written with `replan`; a preview reads without. */
  lock?: boolean;
}

/** Open clocks in the order of their ids, a page at a time; an empty page is the end. */
export async function readOpenClocks(tx: Tx, page: OpenClockPage): Promise<OpenClock[]> {
  const { afterId, limit, policyId, calendarId, kind, lock = false } = page;
  const ofPolicy = sql`k.policy_version_id in (select id from policy_versions where policy_id = ${policyId})`;
  const found = await tx.execute<{ id: number; kind: SubjectKind; subjectId: number }>(
    sql`select k.id::int8 as id, k.subject_kind as kind, k.subject_id::int8 as "subjectId" from clocks k where ${isOpen} and k.id > ${afterId}
      ${policyId === undefined ? sql`` : sql`and ${ofPolicy}`}
      ${calendarId === undefined ? sql`` : sql`and k.calendar_id = ${calendarId}`}
      ${kind === undefined ? sql`` : sql`and k.subject_kind = ${kind}`}
      order by k.id limit ${limit}`
  );
  if (found.length === 0) return [];
  const these = sql`k.id = any (${idArray([...found].map(({ id }) => Number(id)))}) and ${isOpen}`;
  if (!lock) return readClocks(tx, these);
  for (const each of SUBJECT_KINDS) {
    const ofKind = [...found].filter((one) => one.kind === each);
    await lockWork(tx, each, [...new Set(ofKind.map(({ subjectId }) => Number(subjectId)))]);
  }
  return lockAndRead(tx, these);
}

/**
 * Locks records before their clocks, as whoever changes them does: two that lock in different orders would wait for
 * each other. See decision 0021.
 */
export async function lockWork(tx: Tx, kind: SubjectKind, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(
    sql`select 1 from ${RECORDS[kind]} w where w.id = any (${idArray(ids)}) order by w.id for no key update`
  );
}

/** Locked before it is read: another transaction may have just added a segment. */
async function lockAndRead(tx: Tx, mine: SQL): Promise<OpenClock[]> {
  const locked = await tx.execute(sql`select k.id from clocks k where ${mine} order by k.id for update`);
  return locked.length === 0 ? [] : readClocks(tx, mine);
}

async function readClocks(tx: Tx, condition: SQL): Promise<OpenClock[]> {
  const rows = await jsonRows<ClockRow>(
    tx,
    sql`select ${clockJson} as row from ${clockTables} where ${condition} order by k.id`
  );
  const clocks: OpenClock[] = [];
  for (const row of rows) clocks.push(await toClock(tx, row));
  return clocks;
}

/** `open` reads the calendar: as it is now unless told otherwise. */
export async function toClock(tx: Tx, row: ClockRow, open = calendarOf): Promise<OpenClock> {
  const calendar = await open(tx, row.calendar);
  const { pausesClient, pausesThirdParty, workingHoursOnly } = row;
  return {
    id: row.id,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    target: row.target,
    policyId: row.policyId,
    policyVersionId: row.policyVersionId,
    calendarId: row.calendar.id,
    calendarVersion: row.calendar.version,
    dueAt: toDate(row.dueAt),
    breachedAt: toDate(row.breachedAt),
    heldUntil: toDate(row.heldUntil),
    terms: {
      calendar,
      target: { amount: row.amount, unit: row.unit },
      pausesClient,
      pausesThirdParty,
      workingHoursOnly,
      startedAt: new Date(row.startedAt),
      takenUpAt: toDate(row.takenUpAt),
      onDate: row.onDate
    },
    segments: row.segments.map(toSegment),
    steps: row.steps.filter((step) => step.target === row.target),
    carried: row.carried.map((step) => ({ ...step, at: new Date(step.at) })),
    turns: row.turns,
    now: new Date(row.now)
  };
}

function toSegment({ kind, from, to }: SegmentRow): Segment {
  return { kind, from: new Date(from), to: toDate(to) };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
