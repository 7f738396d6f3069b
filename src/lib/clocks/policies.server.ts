import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { calendarOf, type CalendarRef } from './calendars.server.ts';
import type { Calendar } from './calendar.ts';
import type { StepKind, Subject, TargetName, TargetUnit, Tell } from './model.ts';
import { jsonRows } from './rows.server.ts';

/** A step of a policy's ladder for one target. */
export interface PolicyStep {
  target: TargetName;
  key: string;
  position: number;
  kind: StepKind;
  atPercent: number | null;
  afterBreachMinutes: number | null;
  tell: Tell;
  tellUserId: number | null;
}

export interface PolicyTarget {
  target: TargetName;
  amount: number;
  unit: TargetUnit;
}

/** The version of a policy that holds for a subject now. */
export interface MatchedPolicy {
  policyVersionId: number;
  calendarId: number;
  calendar: Calendar;
  targets: PolicyTarget[];
  steps: PolicyStep[];
  /** The database's clock. */
  now: Date;
}

type PolicyRow = Omit<MatchedPolicy, 'now' | 'calendar' | 'calendarId'> & {
  now: string;
  calendar: CalendarRef;
};

/** The steps of a policy version as a JSON array, in their order. */
export const stepsJson = (versionId: SQL) => sql`(select coalesce(json_agg(json_build_object(
    'target', s.target, 'key', s.key, 'position', s.position, 'kind', s.kind, 'atPercent', s.at_percent,
    'afterBreachMinutes', s.after_breach_minutes, 'tell', s.tell, 'tellUserId', s.tell_user_id)
    order by s.position), '[]'::json) from policy_steps s where s.policy_version_id = ${versionId})`;

export const calendarJson = sql`json_build_object(
    'id', c.id, 'version', c.version, 'name', c.name, 'timeZone', c.time_zone)`;

/** The first active policy, by position, that matches the subject; null when none does. */
export async function matchPolicy(tx: Tx, subject: Subject): Promise<MatchedPolicy | null> {
  const [row] = await jsonRows<PolicyRow>(
    tx,
    sql`select json_build_object(
        'policyVersionId', v.id, 'calendar', ${calendarJson}, 'now', now(),
        'targets', (select coalesce(json_agg(json_build_object(
            'target', t.target, 'amount', t.amount, 'unit', t.unit)), '[]'::json)
          from policy_targets t where t.policy_version_id = v.id),
        'steps', ${stepsJson(sql`v.id`)}) as row
      from policies p
      cross join lateral (
        select id, calendar_id from policy_versions where policy_id = p.id order by version desc limit 1) v
      join calendars c on c.id = v.calendar_id
      where p.active and p.subject_kind = ${subject.kind}
        and (p.request_type_id is null or p.request_type_id = ${subject.requestTypeId ?? null}::bigint)
        and (p.priority is null or p.priority = ${subject.priority})
        and (p.client_tier is null or p.client_tier = ${subject.clientTier ?? null}::text)
      order by p.position, p.id
      limit 1`
  );
  if (!row) return null;
  const calendar = await calendarOf(tx, row.calendar);
  return { ...row, now: new Date(row.now), calendarId: row.calendar.id, calendar };
}
