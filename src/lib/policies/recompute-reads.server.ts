import { aliasedTable, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { calendars, policies } from '#lib/clocks/policy-schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { clockRecomputes } from './schema.server.ts';

const by = aliasedTable(users, 'by');

const columns = {
  id: clockRecomputes.id,
  what: clockRecomputes.what,
  by: by.name,
  total: clockRecomputes.total,
  done: clockRecomputes.done,
  moved: clockRecomputes.moved,
  ended: clockRecomputes.ended,
  begun: clockRecomputes.begun,
  at: clockRecomputes.createdAt,
  finishedAt: clockRecomputes.finishedAt,
  error: clockRecomputes.error
};

const SHOWN = 5;

/** The latest changes of a policy or a calendar that running clocks followed, newest first, with how far they are. */
export function recomputesOf(tx: Tx, of: { policyId?: number; calendarId?: number }) {
  const { policyId, calendarId } = of;
  return tx
    .select(columns)
    .from(clockRecomputes)
    .leftJoin(by, eq(by.id, clockRecomputes.askedById))
    .where(
      policyId === undefined
        ? eq(clockRecomputes.calendarId, calendarId ?? 0)
        : eq(clockRecomputes.policyId, policyId)
    )
    .orderBy(desc(clockRecomputes.id))
    .limit(SHOWN);
}

/** What is under way for all policies and calendars, and what ended within the last minutes. */
export function recomputesUnderWay(tx: Tx) {
  return tx
    .select({ ...columns, name: sql<string>`coalesce(${policies.name}, ${calendars.name})` })
    .from(clockRecomputes)
    .leftJoin(by, eq(by.id, clockRecomputes.askedById))
    .leftJoin(policies, eq(policies.id, clockRecomputes.policyId))
    .leftJoin(calendars, eq(calendars.id, clockRecomputes.calendarId))
    .where(
      or(
        isNull(clockRecomputes.finishedAt),
        sql`${clockRecomputes.finishedAt} > now() - interval '2 minutes'`
      )
    )
    .orderBy(desc(clockRecomputes.id))
    .limit(SHOWN);
}
