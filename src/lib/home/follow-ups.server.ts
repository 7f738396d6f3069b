import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { among } from './among.server.ts';

export interface FollowUpDue extends Record<string, unknown> {
  id: number;
  number: string;
  name: string;
  phone: string | null;
  status: 'new' | 'wip';
  rm: string | null;
  nextFollowUpOn: string;
}

export interface FollowUps {
  /** Open leads of the actor's people whose day was before the firm's today. */
  overdue: number;
  today: number;
  /** The first of them, the longest overdue on top. */
  leads: FollowUpDue[];
}

const SHOWN = 8;

/** Leads of the actor's people to be followed up today or earlier. */
export async function followUpsDue(tx: Tx, actor: Actor): Promise<FollowUps> {
  const rows = await tx.execute<FollowUpDue & { overdue: number; dueToday: number }>(sql`
    select l.id::int as id, l.number, l.name, l.phone, l.status, u.name as rm, l.next_follow_up_on::text as "nextFollowUpOn",
      (count(*) filter (where l.next_follow_up_on < f.today) over ())::int as overdue,
      (count(*) filter (where l.next_follow_up_on = f.today) over ())::int as "dueToday"
    from (select (now() at time zone time_zone)::date as today from firm_settings) f
    join leads l on l.next_follow_up_on <= f.today and l.status in ('new', 'wip')
    left join users u on u.id = l.conversion_rm_id
    where ${among(actor, 'l.conversion_rm_id')}
    order by l.next_follow_up_on, l.id limit ${SHOWN}`);
  const [first] = rows;
  return {
    overdue: first?.overdue ?? 0,
    today: first?.dueToday ?? 0,
    leads: rows.map(({ overdue: _overdue, dueToday: _today, ...lead }) => lead)
  };
}
