import { desc, eq } from 'drizzle-orm';
import { lowered } from '#lib/clocks/wording.ts';
import { users } from '#lib/people/schema.server.ts';
import { historyOf, type HistoryEntry } from '#lib/platform/audit/history.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { clockRecomputes } from './schema.server.ts';

/** `title` says what was done to the hours and days, which are rows of their own: `imported 12 days from banks.ics`. */
type CalendarEntry = HistoryEntry & { title?: string };

const SHOWN = 200;

/** The latest changes of a calendar, of its hours and of its days, newest first. */
export async function calendarHistory(tx: Tx, id: number): Promise<CalendarEntry[]> {
  const changes = await historyOf(tx, 'calendars', id);
  const hours = await tx
    .select({
      id: clockRecomputes.id,
      at: clockRecomputes.createdAt,
      what: clockRecomputes.what,
      by: { id: users.id, name: users.name }
    })
    .from(clockRecomputes)
    .leftJoin(users, eq(users.id, clockRecomputes.askedById))
    .where(eq(clockRecomputes.calendarId, id))
    .orderBy(desc(clockRecomputes.id))
    .limit(SHOWN);
  const told = hours.map(({ what, by, ...row }): CalendarEntry => {
    const entry = { ...row, id: -row.id, action: 'update' as const, oldValues: null, newValues: null };
    return { ...entry, actor: by, title: lowered(what) };
  });
  return [...changes, ...told].toSorted((a, b) => Number(b.at) - Number(a.at)).slice(0, SHOWN);
}
