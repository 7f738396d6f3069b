import { sql, type SQL } from 'drizzle-orm';
import { calendarOf, type CalendarRef } from '#lib/clocks/calendars.server.ts';
import type { Calendar } from '#lib/clocks/calendar.ts';
import { calendarJson } from '#lib/clocks/policies.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import { nextOpening } from '#lib/clocks/working-time.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { isUntold } from './untold.server.ts';

/** A calendar that is closed now, and when it opens. */
interface Closed {
  id: number;
  opens: Date;
}

/**
 * Of these clocks (a JSON array of ids, locked by the caller): steps that are due where steps keep to working hours
 * and it is closed now come at the next opening. For any number of clocks one question, and one write where there is
 * something to put off.
 */
export async function putOffToOpening(tx: Tx, ids: string): Promise<void> {
  const closed = await closedCalendars(
    tx,
    sql`jsonb_array_elements_text(${ids}::text::jsonb) due
      join clocks k on k.id = due.value::bigint
      join policy_versions v on v.id = k.policy_version_id where v.working_hours_only`
  );
  if (closed.length === 0) return;
  await tx.execute(sql`
    update clock_steps s set action_at = c.opens
    from jsonb_array_elements_text(${ids}::text::jsonb) due
    join clocks k on k.id = due.value::bigint
    join policy_versions v on v.id = k.policy_version_id and v.working_hours_only
    join jsonb_to_recordset(${JSON.stringify(closed)}::text::jsonb) as c(id bigint, opens timestamptz)
      on c.id = k.calendar_id
    where s.clock_id = k.id and s.action_at <= now() and s.turn > 0 and not exists (
      select 1 from escalations e
      where e.clock_id = s.clock_id and e.step_key = s.step_key and e.turn = s.turn)`);
}

/**
 * A condition on escalations `e` of clocks `k`: people may hear of it now. What was carried out before work closed, and
 * not told then because somebody killed the worker, waits for the opening as well.
 */
export async function isToldNow(tx: Tx): Promise<SQL> {
  const closed = await closedCalendars(
    tx,
    sql`escalations e join clocks k on k.id = e.clock_id
      join policy_versions v on v.id = e.policy_version_id where v.working_hours_only and ${isUntold}`
  );
  if (closed.length === 0) return sql`true`;
  return sql`not (k.calendar_id = any (${idArray(closed.map(({ id }) => id))}) and exists (
    select 1 from policy_versions v where v.id = e.policy_version_id and v.working_hours_only))`;
}

/** `clocks`: those that keep to working hours, as `k`. */
async function closedCalendars(tx: Tx, clocks: SQL): Promise<Closed[]> {
  const refs = await jsonRows<CalendarRef & { now: string }>(
    tx,
    sql`select ${calendarJson}::jsonb || jsonb_build_object('now', now()) as row from calendars c where c.id in (
      select k.calendar_id from ${clocks})`
  );
  const closed: Closed[] = [];
  for (const { now, ...ref } of refs) {
    const at = Date.parse(now);
    const opens = openingOf(await calendarOf(tx, ref), at);
    if (opens > at) closed.push({ id: ref.id, opens: new Date(opens) });
  }
  return closed;
}

/** Nobody would hear of anything under a calendar that never opens again: such a one counts as open. */
function openingOf(calendar: Calendar, at: number): number {
  try {
    return nextOpening(calendar, at);
  } catch (problem) {
    if (problem instanceof RuleViolation) return at;
    throw problem;
  }
}
