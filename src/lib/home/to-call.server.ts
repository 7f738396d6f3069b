import { inArray, sql, type SQL } from 'drizzle-orm';
import { OPEN_STATUSES } from '#lib/leads/model.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { callDueAt, IS_TO_CALL, withFirstCall } from '#lib/leads/to-call.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { among } from './among.server.ts';

export interface LeadToCall extends Record<string, unknown> {
  id: number;
  number: string;
  name: string;
  phone: string | null;
  status: 'new' | 'wip';
  rm: string | null;
  /** When the first call is due, where that comes first. */
  firstCallDueAt: Date | null;
  /** `2026-11-21`. */
  nextFollowUpOn: string | null;
}

export interface LeadsToCall {
  overdue: number;
  today: number;
  /** The first of them, the longest overdue on top. */
  leads: LeadToCall[];
}

export interface UnassignedLead extends Record<string, unknown> {
  id: number;
  number: string;
  name: string;
  status: 'new' | 'wip';
  nextFollowUpOn: string | null;
  createdAt: Date;
}

const SHOWN = 8;

const open = inArray(leads.status, [...OPEN_STATUSES]);

/** A head's people's, somebody else's own; all for administrators. As the morning digest counts them. */
const his = (actor: Actor): SQL =>
  actor.seesAll || actor.headedTeamIds.length > 0
    ? among(actor, 'leads.conversion_rm_id')
    : sql`${leads.conversionRmId} = ${actor.userId}`;

/** Open leads whose first call or follow-up is overdue or due today. */
export async function leadsToCall(tx: Tx, actor: Actor): Promise<LeadsToCall> {
  const due = sql`d.due_at`;
  const rows = await tx.execute<LeadToCall & { overdue: number; dueToday: number }>(sql`
    select d.*, u.name as rm, case when d.first_call_due_at = d.due_at then d.due_at end as "firstCallDueAt",
      (count(*) filter (where ${IS_TO_CALL.overdue(due)}) over ())::int as overdue,
      (count(*) filter (where ${IS_TO_CALL.today(due)}) over ())::int as "dueToday"
    from (
      select ${leads.id}::int as id, ${leads.number} as number, ${leads.name} as name, ${leads.phone} as phone,
        ${leads.status} as status, ${leads.conversionRmId} as rm_id, ${leads.nextFollowUpOn}::text as "nextFollowUpOn",
        first_call.due_at as first_call_due_at, ${callDueAt(sql`first_call.due_at`)} as due_at
      from ${leads} ${withFirstCall}
      where ${open} and ${his(actor)}
    ) d left join users u on u.id = d.rm_id
    where ${IS_TO_CALL.overdue(due)} or ${IS_TO_CALL.today(due)}
    order by d.due_at, d.id limit ${SHOWN}`);
  const [first] = rows;
  return {
    overdue: first?.overdue ?? 0,
    today: first?.dueToday ?? 0,
    leads: rows.map(({ id, number, name, phone, status, rm, nextFollowUpOn, firstCallDueAt }) => ({
      ...{ id, number, name, phone, status, rm, nextFollowUpOn },
      firstCallDueAt: firstCallDueAt && new Date(firstCallDueAt)
    }))
  };
}

type Unassigned = UnassignedLead & { total: number };

const firstOf = async (tx: Tx, which: SQL) => {
  const rows = await tx.execute<Unassigned>(sql`
    select ${leads.id}::int as id, ${leads.number} as number, ${leads.name} as name, ${leads.status} as status,
      ${leads.nextFollowUpOn}::text as "nextFollowUpOn", ${leads.createdAt} as "createdAt",
      (count(*) over ())::int as total
    from ${leads} where ${open} and ${which}
    order by ${leads.nextFollowUpOn} nulls last, ${leads.createdAt} desc limit ${SHOWN}`);
  return {
    total: rows[0]?.total ?? 0,
    leads: rows.map(({ total: _total, ...lead }) => ({ ...lead, createdAt: new Date(lead.createdAt) }))
  };
};

/** Leads without an RM that wait with the actor's teams; with anybody's, for administrators. Null for who heads none. */
export async function leadsOfNobody(tx: Tx, actor: Actor) {
  if (!actor.seesAll && actor.headedTeamIds.length === 0) return null;
  return firstOf(
    tx,
    sql`${leads.conversionRmId} is null and ${among(actor, 'leads.team_id', actor.headedTeamIds)}`
  );
}

/** The actor's own leads for which nothing is planned; null for who heads teams. */
export async function leadsUnplanned(tx: Tx, actor: Actor) {
  if (actor.level !== 2) return null;
  return firstOf(tx, sql`${leads.conversionRmId} = ${actor.userId} and ${leads.nextFollowUpOn} is null`);
}
