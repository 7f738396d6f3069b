import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { calendarAsItWas } from './calendars.server.ts';
import { detailJson, toHold, toMove, toStep, type DetailRow } from './clock-details.server.ts';
import { explainClock, type CausedSegment } from './explanation.ts';
import { holderTables, mayHold } from './holders.server.ts';
import type { SubjectRef } from './model.ts';
import { clockJson, clockTables, toClock, type OpenClock } from './open-clocks.server.ts';
import { clockUse, planClock } from './plan.ts';
import { jsonRows } from './rows.server.ts';
import { sourceOf } from './subjects.server.ts';
import { timeAxis } from './time-axis.ts';

/**
 * The clocks of a record with their explanations, newest round first: of each target the latest rounds and the latest
 * that was not void; the rounds before them can be told from `round`. NotFound where the actor does not see the record.
 */
export async function clocksForSubject(tx: Tx, actor: Actor, { kind, id }: SubjectRef) {
  const rows = await readDetails(
    tx,
    sql`k.id in (
      select id from (
        select id, state = 'cancelled' as void,
          row_number() over (partition by target order by round desc) as nth,
          row_number() over (partition by target, state = 'cancelled' order by round desc) as nth_alike
        from clocks where subject_kind = ${kind} and subject_id = ${id}) ranked
      where nth <= ${MOST_ROUNDS} or (nth_alike = 1 and not void))`,
    sql`union all select null, null, null from ${sourceOf(kind)} where s.id = ${id}`
  );
  if (rows.length === 0) throw new NotFound();
  const clocks = [];
  for (const row of rows) if (row) clocks.push(describe(actor, row, await asItStands(tx, row)));
  return clocks;
}

/** Contact with a client begins anew with each conversation. */
const MOST_ROUNDS = 3;

export type ClockDetails = Awaited<ReturnType<typeof clocksForSubject>>[number];

/** One clock with why it is due when it is. */
export async function explainClockById(tx: Tx, actor: Actor, id: number) {
  const [row] = await readDetails(tx, sql`k.id = ${id}`);
  if (!row) throw new NotFound();
  return describe(actor, row, await asItStands(tx, row));
}

/** What has ended never changes: it is read with the calendar by which its minutes were counted. */
const asItStands = (tx: Tx, row: DetailRow): Promise<OpenClock> =>
  row.endedBy ? toClock(tx, { ...row, calendar: row.endedBy }, calendarAsItWas) : toClock(tx, row);

/** `more`: rows beside the clocks, which say that there is a record although it has none. */
const readDetails = (tx: Tx, condition: SQL, more = sql``): Promise<(DetailRow | null)[]> =>
  jsonRows<DetailRow | null>(
    tx,
    sql`select row from (
      select ${clockJson} || ${detailJson} as row, k.round, k.id
      from ${clockTables}
      join policies p on p.id = v.policy_id ${holderTables}
      where ${condition}
      ${more}) found
      order by round desc nulls last, id`
  );

function describe(actor: Actor, row: DetailRow, clock: OpenClock) {
  const { terms, segments, dueAt } = clock;
  const endedAt = toDate(row.endedAt);
  const until = endedAt ?? clock.now;
  const use = row.kept ?? clockUse(terms, segments, until);
  const { dueIfResumedAt } = planClock(terms, segments, [], until);
  const last = segments.at(-1);
  const caused = row.history.map(toCaused);
  const { clientWord } = row;
  const moves = row.moves.map(toMove);
  const explained = {
    terms,
    segments: caused,
    moves,
    dueAt,
    dueIfResumedAt,
    endedAt,
    now: clock.now,
    clientWord
  };
  return {
    id: row.id,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    target: row.target,
    /** How much of the unit is promised; of a date the days of grace. */
    amount: terms.target.amount,
    unit: terms.target.unit,
    /** The date it is for, `YYYY-MM-DD`; null where the promise is a length of time. */
    onDate: terms.onDate,
    round: row.round,
    state: row.state,
    policyName: row.policyName,
    policyVersion: row.policyVersion,
    calendarName: terms.calendar.name,
    timeZone: terms.calendar.zone.name,
    startedAt: terms.startedAt,
    /** Null while it stands still before it was due. */
    dueAt,
    /** While it stands still: when it would be due if it went on now. */
    dueIfResumedAt,
    breachedAt: clock.breachedAt,
    endedAt,
    /** The database's clock when this was read. */
    readAt: clock.now,
    waitingFor: last && !last.to && last.kind !== 'ours' ? last.kind : null,
    /** No step is carried out before this. */
    heldUntil: clock.heldUntil && clock.heldUntil > clock.now ? clock.heldUntil : null,
    /** All in the clock's own time: working minutes, or every minute for calendar days and dates. */
    targetMinutes: Math.round(use.total),
    usedMinutes: Math.round(use.used),
    /** Negative when it is over. */
    leftMinutes: Math.round(use.total - use.used),
    /** Of the target; above 100 when it is over. */
    percent: use.total > 0 ? Math.round((use.used / use.total) * 100) : 100,
    oursMinutes: Math.round(use.ours),
    thirdPartyMinutes: Math.round(use.thirdParty),
    clientMinutes: Math.round(use.client),
    /** Whose time stands still. */
    pausesClient: terms.pausesClient,
    pausesThirdParty: terms.pausesThirdParty,
    warnPercent: clock.steps.find((step) => step.kind === 'warning')?.atPercent ?? null,
    steps: row.ladder.map(toStep),
    holds: row.holds.map(toHold),
    segments: caused,
    ...explainClock(explained),
    axis: timeAxis(explained),
    can: whatCan(actor, row, clock)
  };
}

/**
 * What the actor can do with the clock right now: its buttons. There is nothing to hold where nobody is yet to be told;
 * whoever was told by the last step still wants to hear that somebody is on it.
 */
function whatCan(actor: Actor, { state, holders, ladder }: DetailRow, { heldUntil, now }: OpenClock) {
  const open = state === 'running' || state === 'paused';
  const ahead = open && ladder.some(({ actionAt, carriedOutAt }) => actionAt && !carriedOutAt);
  const told = open && ladder.some(({ carriedOutAt }) => carriedOutAt);
  const maySnooze = mayHold(actor, 'clocks.snooze', holders);
  return {
    acknowledge: (ahead || told) && mayHold(actor, 'clocks.acknowledge', holders),
    snooze: ahead && maySnooze,
    wake: open && maySnooze && heldUntil !== null && heldUntil > now
  };
}

function toCaused({ from, to, ...segment }: DetailRow['history'][number]): CausedSegment {
  return { ...segment, from: new Date(from), to: toDate(to) };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
