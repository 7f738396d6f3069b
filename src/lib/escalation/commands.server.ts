import { sql } from 'drizzle-orm';
import { wakeAt } from '#lib/clocks/jobs.server.ts';
import { isDue } from '#lib/clocks/notes.server.ts';
import { mailNotifications } from '#lib/notifications/mailing.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { putOffToOpening } from './hours.server.ts';
import { messageFor, summaryFor } from './messages.ts';
import { writesMoments } from './moments.ts';
import { takeUntold, type PersonToTell } from './telling.server.ts';
import { isUndone, isUntold } from './untold.server.ts';

/** More than so many at once for one person come as one message. */
const SINGLY = 5;
/** Seconds until a record that somebody held is looked at again. */
const AGAIN = 5;

/**
 * Carries out the steps that are due on at most `limit` clocks, the longest overdue first, as system. Clocks that
 * another sweep is working on are left to it. A step is carried out once in its turn, whatever crashes: the row in
 * `escalations` is the step, and whoever commits it has done it; one that is found outside working hours waits for them
 * where the policy says so. What it changes and whom it tells comes afterwards, see `doDeeds`
 * and `tellEscalations`. Returns how many clocks were looked at; 0 means that there is nothing left to do here.
 */
export async function carryOutDue(tx: Tx, limit: number): Promise<number> {
  // Locked before it is read: another sweep or a pause may have just committed.
  const due = await tx.execute<{ id: number }>(sql`
    select k.id from clocks k where ${isDue}
    order by k.next_action_at limit ${limit} for update of k skip locked`);
  if (due.length === 0) return 0;
  const ids = JSON.stringify([...due].map(({ id }) => id));
  await putOffToOpening(tx, ids);
  await tx.execute(sql`
    with due as materialized (
      select value::bigint as id from jsonb_array_elements_text(${ids}::text::jsonb)),
    carried as (
      insert into escalations (clock_id, step_key, turn, policy_version_id, kind, action_at, due_at, tell, tell_user_id,
        does)
      select s.clock_id, s.step_key, s.turn, k.policy_version_id, s.kind, s.action_at, k.due_at, s.tell, s.tell_user_id, s.does
      from due d join clocks k on k.id = d.id join clock_steps s on s.clock_id = d.id
      where s.action_at <= now() and s.turn > 0
      order by s.action_at, s.clock_id, s.position
      on conflict (clock_id, step_key, turn) do nothing),
    ahead as (
      select s.clock_id, min(s.action_at) as at
      from due d join clock_steps s on s.clock_id = d.id
      where s.action_at > now()
      group by s.clock_id)
    update clocks k
    set breached_at = case when k.due_at <= now() then coalesce(k.breached_at, k.due_at) end,
        next_action_at = least(a.at, case when k.due_at > now() then k.due_at end),
        updated_at = now()
    from due d left join ahead a on a.clock_id = d.id
    where k.id = d.id`);
  return due.length;
}

/** Is anything due that nobody has committed yet, here or in another sweep? */
export async function isAnythingDue(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ due: boolean }>(
    sql`select exists (select 1 from clocks k where ${isDue}) as due`
  );
  return row?.due ?? false;
}

/** What there is for a sweep. */
interface Work extends Record<string, unknown> {
  /** Something is to be carried out or told. */
  steps: boolean;
  /** Records changed whose clocks have to follow. */
  records: boolean;
}

/**
 * Looks what there is to do: one query, by indexes alone. Where there is nothing, it sees to it that the sweep is woken
 * for what comes before the next tick.
 */
export async function lookForWork(tx: Tx): Promise<Work> {
  const [row] = await tx.execute<Work & { at: string | null; now: string }>(sql`
    select exists (select 1 from clocks k where ${isDue})
        or exists (select 1 from escalations e where ${isUntold}) as steps,
      exists (select 1 from clock_refresh where since <= now()) as records,
      (select min(next_action_at) from clocks where next_action_at > now()) as at, now() as now`);
  const { steps = false, records = false, at = null, now = '' } = row ?? {};
  if (!steps && at) await wakeAt(tx, new Date(at), new Date(now));
  return { steps, records };
}

/** Asks to be woken for the next step, and for what could not be changed yet, where that is sooner than the tick. */
export async function wakeForNext(tx: Tx): Promise<void> {
  const [row] = await tx.execute<{ at: string | null; now: string }>(sql`
    select least(
      (select min(next_action_at) from clocks where next_action_at > now()),
      (select now() + make_interval(secs => ${AGAIN}) from escalations e
        where ${isUntold} and ${isUndone} limit 1)) as at, now() as now`);
  if (row?.at) await wakeAt(tx, new Date(row.at), new Date(row.now));
}

/**
 * Tells people of the escalations that were carried out and not told yet, in the app and by mail as each of them
 * chose: each one singly, or all of them in one message to whoever has many. Who is told is worked out now.
 * `publicUrl` is where links lead. Returns how many people were told.
 */
export async function tellEscalations(tx: Tx, publicUrl: string): Promise<number> {
  const people = await takeUntold(tx);
  const rows = people.flatMap(rowsFor);
  for (let at = 0; at < rows.length; at += 1000) {
    await tx
      .insert(notifications)
      .values(rows.slice(at, at + 1000))
      .onConflictDoNothing();
  }
  if (rows.some(({ delivery }) => delivery === 'mail')) while ((await mailNotifications(tx, publicUrl)) > 0);
  return people.length;
}

function rowsFor(person: PersonToTell): (typeof notifications.$inferInsert)[] {
  const { userId, items, total, firstId, lastId, notification, delivery } = person;
  const write = { moment: writesMoments(person.timeZone, person.locale), today: person.today };
  if (total <= SINGLY) {
    return items.map((item) => ({
      userId,
      key: `escalation:${item.escalationId}`,
      kind: item.notification,
      subjectKind: item.subjectKind,
      subjectId: item.subjectId,
      ...messageFor(item, write),
      delivery: item.delivery,
      readAt: item.read ? new Date() : null
    }));
  }
  return [
    {
      userId,
      key: `escalations:${firstId}-${lastId}`,
      kind: notification ?? 'escalation',
      subjectKind: 'promises',
      ...summaryFor(items, total, write),
      delivery
    }
  ];
}
