import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { amongIds } from '#lib/platform/db/owned.server.ts';
import type { LeadPromise } from './model.ts';
import { leads } from './schema.server.ts';

const zone = sql`(select time_zone from firm_settings)`;

/** When the firm's day ends. */
const endOfToday = sql`((now() at time zone ${zone})::date + 1)::timestamp at time zone ${zone}`;

/** Joined to `leads`: the first call that is still owed, as `first_call`. */
export const withFirstCall = sql`left join clocks first_call on first_call.subject_kind = 'lead'
  and first_call.subject_id = ${leads.id} and first_call.target = 'first_call' and first_call.state = 'running'`;

const followUpDueAt = sql`(${leads.nextFollowUpOn} + 1)::timestamp at time zone ${zone}`;

/**
 * When somebody is to be called at the latest: the first call by its promise, a follow-up before the firm's day that was
 * agreed ends, whether or not the firm works on that day. Null where neither is owed. The list, the home page and the
 * digest go by this.
 */
export const callDueAt = (firstCall: SQL): SQL => sql`least(${firstCall}, ${followUpDueAt})`;

/** Of open leads, by `callDueAt`: what is overdue is not due today as well. */
export const IS_TO_CALL: Record<LeadPromise, (dueAt: SQL) => SQL> = {
  overdue: (dueAt) => sql`${dueAt} <= now()`,
  today: (dueAt) => sql`(${dueAt} > now() and ${dueAt} <= ${endOfToday})`
};

/** The same as a condition on `leads` alone. Postgres asks for the clocks of a few leads, and reads all of them for many. */
const toCallBy = (end: SQL): SQL => sql`(coalesce(${followUpDueAt} <= ${end}, false) or exists (
  select 1 from clocks k where k.subject_kind = 'lead' and k.subject_id = ${leads.id} and k.target = 'first_call'
    and k.state = 'running' and k.due_at <= ${end}))`;

export const TO_CALL: Record<LeadPromise, SQL> = {
  overdue: toCallBy(sql`now()`),
  today: sql`(${toCallBy(endOfToday)} and not ${toCallBy(sql`now()`)})`
};

/** Of those leads, when the first call is due where that comes before the follow-up. */
export async function firstCallsDue(tx: Tx, ids: readonly number[]): Promise<Map<number, Date>> {
  const rows = await tx.execute<{ id: number; dueAt: Date }>(sql`
    select ${leads.id}::int as id, first_call.due_at as "dueAt" from ${leads} ${withFirstCall}
    where ${amongIds(leads.id, ids)} and first_call.due_at = ${callDueAt(sql`first_call.due_at`)}`);
  return new Map(rows.map(({ id, dueAt }) => [id, new Date(dueAt)]));
}
