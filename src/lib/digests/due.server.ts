import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { mondayOf, workingDays } from './days.server.ts';
import type { DigestKind } from './model.ts';

export interface DueDigest {
  userId: number;
  kind: DigestKind;
}

/** Tried so often, a digest of a date is given up; one of a week is tried once more on each day. */
export const MOST_ATTEMPTS = 5;

/**
 * Whose digest of this date is still to be written, as system: from everybody's hour on, on working days of the firm's
 * calendar; or at once where somebody asked for it. That of the morning for whoever heads an active team unless he
 * wants none, and for others below administrators who want one; that of the week for administrators; nobody who is on
 * leave. Who has no digest of his week yet gets it on the next working day of it. One that
 * failed waits longer each time.
 */
export async function digestsDue(tx: Tx, date: string, asked: boolean): Promise<DueDigest[]> {
  const days = await workingDays(tx);
  if (!asked && !days.isWorked(date)) return [];
  const itIsTime = asked ? sql`true` : sql`p.digest_at <= (now() at time zone f.time_zone)::time`;
  const rows = await tx.execute<{ id: number; kind: DigestKind }>(sql`
    select due.id::int as id, due.kind
    from (
      select u.id, f.time_zone, k.kind,
        case k.kind when 'weekly' then r.level = 0 and coalesce(p.weekly_digest, true)
          else coalesce(p.digest, h.heads) and (r.level > 0 or h.heads) end as wanted
      from users u
      join roles r on r.id = u.role_id and r.level <= 2
      join user_profiles p on p.user_id = u.id
      cross join firm_settings f
      cross join lateral (
        select r.level <= 1 and exists (select 1 from teams t where t.head_id = u.id and t.active) as heads) h
      cross join (values ('morning'), ('weekly')) k (kind)
      where u.active and ${itIsTime}
        and not coalesce(u.leave_from <= ${date}::date and coalesce(u.leave_to, 'infinity') >= ${date}::date, false)
    ) due
    where due.wanted and not exists (
      select 1 from digests d
      where d.user_id = due.id and d.kind = due.kind and not d.asked and d.on_date <= ${date}::date
        and d.on_date >= case due.kind when 'weekly' then ${mondayOf(date)}::date else ${date}::date end
        and (d.state <> 'failed' or d.tried_at > now() - d.attempts * interval '2 minutes'
          or d.attempts >= ${MOST_ATTEMPTS} and (d.tried_at at time zone due.time_zone)::date >= ${date}::date))
    order by due.id, due.kind`);
  return rows.map(({ id, kind }) => ({ userId: id, kind }));
}
