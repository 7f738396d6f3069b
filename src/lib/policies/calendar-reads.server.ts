import { sql } from 'drizzle-orm';
import type { DayWindow } from '#lib/clocks/calendar.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { calendarHistory } from './calendar-history.server.ts';
import { calendarNow } from './calendar-rows.server.ts';
import { WEEKDAYS, writeHours } from './hours.ts';
import { recomputesOf } from './recompute-reads.server.ts';

interface UsedBy {
  id: number;
  name: string;
  active: boolean;
}

interface ListRow {
  id: number;
  name: string;
  timeZone: string;
  windows: (DayWindow & { weekday: number })[];
  coming: { on: string; name: string }[];
  holidays: number;
  policies: UsedBy[];
}

/** Policies whose present version runs on the calendar `c`. */
const usedBy = sql`(select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'active', p.active)
    order by p.position, p.id), '[]'::json) from policies p
    where c.id = (select v.calendar_id from policy_versions v where v.policy_id = p.id order by v.version desc limit 1))`;

/** Every calendar with its week, the holidays that come next, and which policies use it. */
export async function listCalendars(tx: Tx) {
  const rows = await jsonRows<ListRow>(
    tx,
    sql`select json_build_object('id', c.id, 'name', c.name, 'timeZone', c.time_zone,
        'windows', (select coalesce(json_agg(json_build_object(
            'weekday', w.weekday, 'opens', w.opens, 'closes', w.closes)), '[]'::json)
          from calendar_windows w where w.calendar_id = c.id),
        'coming', (select coalesce(json_agg(json_build_object('on', h.on_date, 'name', h.name) order by h.on_date), '[]'::json)
          from (select on_date, name from calendar_holidays where calendar_id = c.id
            and on_date >= (now() at time zone c.time_zone)::date order by on_date limit 3) h),
        'holidays', (select count(*) from calendar_holidays h where h.calendar_id = c.id),
        'policies', ${usedBy}) as row
      from calendars c order by c.name`
  );
  const items = rows.map(({ windows, ...row }) => ({ ...row, week: summaryOf(windows) }));
  return { items, nextCursor: null, total: items.length, totalIsEstimate: false };
}

const SHORT = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Mon–Fri 09:30-18:00`, neighbouring days of the same hours together. */
function summaryOf(windows: ListRow['windows']): string[] {
  const texts = WEEKDAYS.map((_, index) =>
    writeHours(windows.filter(({ weekday }) => weekday === index + 1))
  );
  const runs: { from: number; to: number; hours: string }[] = [];
  for (const [index, hours] of texts.entries()) {
    const last = runs.at(-1);
    if (last?.hours === hours) last.to = index;
    else runs.push({ from: index, to: index, hours });
  }
  return runs
    .filter(({ hours }) => hours !== '')
    .map(({ from, to, hours }) => {
      const days = from === to ? SHORT[from] : `${SHORT[from]}–${SHORT[to]}`;
      return `${days} ${hours.replaceAll('-', '–')}`;
    });
}

export function usersOf(tx: Tx, id: number): Promise<UsedBy[]> {
  return jsonRows<UsedBy>(
    tx,
    sql`select value as row from calendars c, json_array_elements(${usedBy}) where c.id = ${id}`
  );
}

async function earlierUsersOf(tx: Tx, id: number): Promise<number> {
  const [row] = await tx.execute<{ policies: number }>(sql`
    select count(distinct v.policy_id)::int as policies from policy_versions v where v.calendar_id = ${id}
      and exists (select 1 from policy_versions later where later.policy_id = v.policy_id and later.version > v.version)`);
  return row?.policies ?? 0;
}

/** Everything for a calendar's page. */
export async function calendarById(tx: Tx, id: number) {
  const calendar = await calendarNow(tx, id);
  return {
    ...calendar,
    policies: await usersOf(tx, id),
    /** Policies of which an earlier version counted in it, by which figures are explained. */
    earlier: await earlierUsersOf(tx, id),
    recomputes: await recomputesOf(tx, { calendarId: id }),
    history: await calendarHistory(tx, id)
  };
}
