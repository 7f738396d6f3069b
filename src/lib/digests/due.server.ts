import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { workingDays } from './days.server.ts';
import type { DigestKind } from './model.ts';

export interface DueDigest {
  userId: number;
  kind: DigestKind;
}

/** Tried so often, a digest of a date is given up. */
export const MOST_ATTEMPTS = 5;

/**
 * Whose digest of this date is still to be written, as system: from everybody's hour on, on working days of the firm's
 * calendar; or at once where somebody asked for it. Heads and administrators unless they want none, executives who
 * want one; nobody who is on leave. One that failed waits longer each time.
 */
export async function digestsDue(tx: Tx, date: string, asked: boolean): Promise<DueDigest[]> {
  const days = await workingDays(tx);
  if (!asked && !days.isWorked(date)) return [];
  const levels = asked || days.beginsWeek(date) ? [0, 1, 2] : [1, 2];
  const itIsTime = asked ? sql`true` : sql`p.digest_at <= (now() at time zone f.time_zone)::time`;
  const rows = await tx.execute<{ id: number; kind: DigestKind }>(sql`
    select due.id::int as id, due.kind
    from (
      select u.id, case when r.level = 0 then 'weekly' else 'morning' end as kind,
        coalesce(p.digest, r.level = 0 or (r.level = 1 and exists (select 1 from teams t where t.head_id = u.id))) as wanted
      from users u
      join roles r on r.id = u.role_id and r.level = any (${`{${levels.join(',')}}`}::int[])
      join user_profiles p on p.user_id = u.id
      cross join firm_settings f
      where u.active and ${itIsTime}
        and not coalesce(u.leave_from <= ${date}::date and coalesce(u.leave_to, 'infinity') >= ${date}::date, false)
    ) due
    where due.wanted and not exists (
      select 1 from digests d
      where d.user_id = due.id and d.kind = due.kind and d.on_date = ${date}::date and not d.asked
        and (d.state <> 'failed' or d.attempts >= ${MOST_ATTEMPTS} or d.tried_at > now() - d.attempts * interval '2 minutes'))
    order by due.id`);
  return rows.map(({ id, kind }) => ({ userId: id, kind }));
}
