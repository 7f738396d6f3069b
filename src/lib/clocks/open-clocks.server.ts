import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { calendarOf, type CalendarRef } from './calendars.server.ts';
import type { SegmentKind, SubjectRef, TargetName, TargetUnit } from './model.ts';
import type { ClockTerms, Segment } from './plan.ts';
import { calendarJson, stepsJson, type PolicyStep } from './policies.server.ts';
import { jsonRows } from './rows.server.ts';

/** A clock with all that its plan is worked out from. */
export interface OpenClock {
  id: number;
  target: TargetName;
  policyVersionId: number;
  breachedAt: Date | null;
  terms: ClockTerms;
  segments: Segment[];
  /** The ladder for this clock's target. */
  steps: PolicyStep[];
  /** Keys of the steps that were carried out. */
  carried: string[];
  /** The database's clock. */
  now: Date;
}

interface SegmentRow {
  kind: SegmentKind;
  from: string;
  to: string | null;
}

/** A clock as `clockJson` writes it. */
export interface ClockRow {
  id: number;
  target: TargetName;
  policyVersionId: number;
  startedAt: string;
  breachedAt: string | null;
  now: string;
  calendar: CalendarRef;
  amount: number;
  unit: TargetUnit;
  segments: SegmentRow[];
  steps: PolicyStep[];
  carried: string[];
}

const isOpen = sql`k.state in ('running', 'paused')`;

const segmentsJson = sql`(select coalesce(json_agg(json_build_object(
    'kind', g.kind, 'from', g.from_at, 'to', g.to_at) order by g.id), '[]'::json)
    from clock_segments g where g.clock_id = k.id)`;

/** The subject's clocks that have not ended, locked until the end of the transaction. */
export async function lockOpenClocks(tx: Tx, { kind, id }: SubjectRef): Promise<OpenClock[]> {
  const mine = sql`k.subject_kind = ${kind} and k.subject_id = ${id} and ${isOpen}`;
  // Locked before it is read: another transaction may have just added a segment.
  await tx.execute(sql`select k.id from clocks k where ${mine} order by k.id for update`);
  return readClocks(tx, mine);
}

/** A clock `k` with its target `t` and its calendar `c`, and all that its plan is worked out from. */
export const clockJson = sql`jsonb_build_object(
    'id', k.id, 'target', k.target, 'policyVersionId', k.policy_version_id, 'startedAt', k.started_at,
    'breachedAt', k.breached_at, 'now', now(), 'calendar', ${calendarJson},
    'amount', t.amount, 'unit', t.unit, 'segments', ${segmentsJson},
    'steps', ${stepsJson(sql`k.policy_version_id`)},
    'carried', (select coalesce(json_agg(e.step_key), '[]'::json) from escalations e where e.clock_id = k.id))`;

export const clockTables = sql`clocks k
    join calendars c on c.id = k.calendar_id
    join policy_targets t on t.policy_version_id = k.policy_version_id and t.target = k.target`;

async function readClocks(tx: Tx, condition: SQL): Promise<OpenClock[]> {
  const rows = await jsonRows<ClockRow>(
    tx,
    sql`select ${clockJson} as row from ${clockTables} where ${condition} order by k.id`
  );
  const clocks: OpenClock[] = [];
  for (const row of rows) clocks.push(await toClock(tx, row));
  return clocks;
}

export async function toClock(tx: Tx, row: ClockRow): Promise<OpenClock> {
  const calendar = await calendarOf(tx, row.calendar);
  return {
    id: row.id,
    target: row.target,
    policyVersionId: row.policyVersionId,
    breachedAt: toDate(row.breachedAt),
    terms: {
      calendar,
      target: { amount: row.amount, unit: row.unit },
      startedAt: new Date(row.startedAt)
    },
    segments: row.segments.map(toSegment),
    steps: row.steps.filter((step) => step.target === row.target),
    carried: row.carried,
    now: new Date(row.now)
  };
}

function toSegment({ kind, from, to }: SegmentRow): Segment {
  return { kind, from: new Date(from), to: toDate(to) };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
