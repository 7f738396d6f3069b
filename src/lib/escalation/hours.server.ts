import { sql } from 'drizzle-orm';
import { calendarOf, type CalendarRef } from '#lib/clocks/calendars.server.ts';
import type { Calendar } from '#lib/clocks/calendar.ts';
import { calendarJson } from '#lib/clocks/policies.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import { nextOpening } from '#lib/clocks/working-time.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';

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
  const closed = await closedCalendars(tx, ids);
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

async function closedCalendars(tx: Tx, ids: string): Promise<Closed[]> {
  const refs = await jsonRows<CalendarRef & { now: string }>(
    tx,
    sql`select ${calendarJson}::jsonb || jsonb_build_object('now', now()) as row from calendars c where c.id in (
      select k.calendar_id from jsonb_array_elements_text(${ids}::text::jsonb) due
      join clocks k on k.id = due.value::bigint
      join policy_versions v on v.id = k.policy_version_id and v.working_hours_only)`
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
