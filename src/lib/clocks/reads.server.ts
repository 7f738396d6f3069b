import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { explainClock, type CausedSegment } from './explanation.ts';
import type { ClockState, SegmentKind, StepKind, SubjectRef, Tell } from './model.ts';
import { clockJson, clockTables, toClock, type ClockRow, type OpenClock } from './open-clocks.server.ts';
import { clockUse, planClock } from './plan.ts';
import { jsonRows } from './rows.server.ts';
import { readSubjects } from './subjects.server.ts';

interface DetailRow extends ClockRow {
  state: ClockState;
  round: number;
  policyName: string;
  clientWord: string;
  endedAt: string | null;
  dueAt: string | null;
  history: { kind: SegmentKind; cause: string; by: string | null; from: string; to: string | null }[];
  ladder: LadderRow[];
}

interface LadderRow {
  key: string;
  kind: StepKind;
  tell: Tell;
  tellUserName: string | null;
  actionAt: string | null;
  carriedOutAt: string | null;
}

/** The clocks of a query or a request with their explanations, newest round first. NotFound where the actor does not see the subject. */
export async function clocksForSubject(tx: Tx, { kind, id }: SubjectRef) {
  const rows = await readDetails(tx, sql`k.subject_kind = ${kind} and k.subject_id = ${id}`);
  if (rows.length === 0 && !(await isVisible(tx, { kind, id }))) throw new NotFound();
  const clocks = [];
  for (const row of rows) clocks.push(describe(row, await toClock(tx, row)));
  return clocks;
}

export type ClockDetails = Awaited<ReturnType<typeof clocksForSubject>>[number];

/** One clock with why it is due when it is. */
export async function explainClockById(tx: Tx, id: number) {
  const [row] = await readDetails(tx, sql`k.id = ${id}`);
  if (!row) throw new NotFound();
  return describe(row, await toClock(tx, row));
}

function readDetails(tx: Tx, condition: SQL): Promise<DetailRow[]> {
  return jsonRows<DetailRow>(
    tx,
    sql`select ${clockJson} || jsonb_build_object(
        'state', k.state, 'round', k.round, 'policyName', p.name,
        'clientWord', (select client_word from firm_settings), 'endedAt', k.ended_at, 'dueAt', k.due_at,
        'history', (select coalesce(json_agg(json_build_object(
            'kind', g.kind, 'cause', g.cause, 'by', u.name, 'from', g.from_at, 'to', g.to_at) order by g.id), '[]'::json)
          from clock_segments g left join users u on u.id = g.user_id where g.clock_id = k.id),
        'ladder', (select coalesce(json_agg(json_build_object(
            'key', s.step_key, 'kind', s.kind, 'tell', s.tell, 'tellUserName', u.name, 'actionAt', s.action_at,
            'carriedOutAt', e.carried_out_at) order by s.position), '[]'::json)
          from clock_steps s
          left join escalations e on e.clock_id = s.clock_id and e.step_key = s.step_key
          left join users u on u.id = s.tell_user_id
          where s.clock_id = k.id)) as row
      from ${clockTables}
      join policies p on p.id = v.policy_id
      where ${condition}
      order by k.round desc, k.id`
  );
}

function describe(row: DetailRow, clock: OpenClock) {
  const { terms, segments } = clock;
  const until = toDate(row.endedAt) ?? clock.now;
  const use = clockUse(terms, segments, until);
  const plan = planClock(terms, segments, [], until);
  const last = segments.at(-1);
  const dueAt = toDate(row.dueAt);
  const endedAt = toDate(row.endedAt);
  const { dueIfResumedAt } = plan;
  const caused = row.history.map(toCaused);
  const { words, stretches } = explainClock({
    terms,
    segments: caused,
    dueAt,
    dueIfResumedAt,
    endedAt,
    now: clock.now,
    clientWord: row.clientWord
  });
  return {
    id: row.id,
    target: row.target,
    round: row.round,
    state: row.state,
    policyName: row.policyName,
    calendarName: terms.calendar.name,
    timeZone: terms.calendar.zone.name,
    startedAt: terms.startedAt,
    /** Null while it stands still before it was due. */
    dueAt,
    /** While it stands still: when it would be due if it went on now. */
    dueIfResumedAt,
    breachedAt: clock.breachedAt,
    endedAt,
    waitingFor: last && !last.to && last.kind !== 'ours' ? last.kind : null,
    /** All in the clock's own time: working minutes, or every minute for calendar days. */
    targetMinutes: Math.round(use.total),
    usedMinutes: Math.round(use.used),
    /** Negative when it is over. */
    leftMinutes: Math.round(use.total - use.used),
    /** Of the target; above 100 when it is over. */
    percent: use.total > 0 ? Math.round((use.used / use.total) * 100) : 100,
    oursMinutes: Math.round(use.ours),
    thirdPartyMinutes: Math.round(use.thirdParty),
    clientMinutes: Math.round(use.client),
    warnPercent: clock.steps.find((step) => step.kind === 'warning')?.atPercent ?? null,
    steps: row.ladder.map(toStep),
    segments: caused,
    /** Sentences that lead from the promise to the due time. */
    words,
    /** From the start to the due time or the end, without gaps. */
    stretches
  };
}

function toStep({ actionAt, carriedOutAt, ...step }: LadderRow) {
  return { ...step, actionAt: toDate(actionAt), carriedOutAt: toDate(carriedOutAt) };
}

function toCaused({ from, to, ...segment }: DetailRow['history'][number]): CausedSegment {
  return { ...segment, from: new Date(from), to: toDate(to) };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

const isVisible = async (tx: Tx, { kind, id }: SubjectRef) => (await readSubjects(tx, kind, [id])).has(id);
