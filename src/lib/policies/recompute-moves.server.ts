import { sql } from 'drizzle-orm';
import { calendarAsItWas, type CalendarRef } from '#lib/clocks/calendars.server.ts';
import type { MoveReason } from '#lib/clocks/model.ts';
import { hasMoved, noteMoves, type Moved } from '#lib/clocks/moves.server.ts';
import type { OpenClock } from '#lib/clocks/open-clocks.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Revision } from './revision.server.ts';
import type { clockRecomputes } from './schema.server.ts';

type Recompute = Pick<typeof clockRecomputes.$inferSelect, 'id' | 'calendarId'>;

/** Keeps for the explanation of the clocks that moved who changed the policy or the calendar, and how. */
export async function noteRecomputed(tx: Tx, asked: Recompute, revisions: Revision[]): Promise<void> {
  const over = revisions.flatMap(({ clock, next }) => (next ? [{ before: clock, after: next }] : []));
  const moved = (await asTheyWere(tx, asked, over)).filter(hasMoved);
  if (moved.length === 0) return;
  const because = await readReason(tx, asked.id);
  await noteMoves(
    tx,
    moved.map((move) => ({ ...move, because }))
  );
}

/** Clocks are read with the calendar as it is now: what stood still is known by the one before. */
async function asTheyWere(tx: Tx, { calendarId }: Recompute, over: Moved[]): Promise<Moved[]> {
  if (calendarId === null) return over;
  const [ref] = await jsonRows<CalendarRef>(
    tx,
    sql`select json_build_object('id', y.calendar_id, 'version', y.version, 'name', y.name,
        'timeZone', y.time_zone) as row
      from calendar_versions y join calendars c on c.id = y.calendar_id
      where c.id = ${calendarId} and y.version < c.version order by y.version desc limit 1`
  );
  if (!ref) return over;
  const calendar = await calendarAsItWas(tx, ref);
  const was = (clock: OpenClock) => ({ ...clock, terms: { ...clock.terms, calendar } });
  return over.map(({ before, after }) => ({ before: was(before), after }));
}

const readReason = (tx: Tx, id: number): Promise<MoveReason[]> =>
  jsonRows<MoveReason>(
    tx,
    sql`select json_build_object('what', case when r.policy_id is null then 'calendar' else 'policy' end,
        'from', r.what, 'to', coalesce(p.name, c.name), 'by', u.name, 'at', r.created_at) as row
      from clock_recomputes r
      left join policies p on p.id = r.policy_id
      left join calendars c on c.id = r.calendar_id
      left join users u on u.id = r.asked_by_id
      where r.id = ${id}`
  );
