import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { calendarOf, type CalendarRef } from './calendars.server.ts';
import type { Calendar } from './calendar.ts';
import type { StepAction, StepKind, Subject, SubjectKind, TargetName, TargetUnit, Tell } from './model.ts';
import type { ClockTerms, PolicyRules } from './plan.ts';
import { jsonRows } from './rows.server.ts';
import type { StepTiming } from './step-times.ts';

/** A step of a policy's ladder for one target. */
export interface PolicyStep extends StepTiming {
  target: TargetName;
  position: number;
  kind: StepKind;
  tell: Tell;
  tellUserId: number | null;
  does: StepAction[];
}

export interface PolicyTarget {
  target: TargetName;
  amount: number;
  unit: TargetUnit;
}

/** What a policy looks at; null matches any. */
export interface PolicyCriteria {
  requestTypeId: number | null;
  priority: string | null;
  clientTier: string | null;
  clientTag: string | null;
  teamId: number | null;
}

/** A version of a policy, ready to plan with. */
export interface PolicyTerms extends PolicyRules {
  policyId: number;
  policyVersionId: number;
  calendarId: number;
  calendar: Calendar;
  targets: PolicyTarget[];
  /** Of all targets. */
  steps: PolicyStep[];
}

/** An active policy at its newest version. */
export interface LoadedPolicy extends PolicyTerms, PolicyCriteria {}

type PolicyRow = Omit<LoadedPolicy, 'calendar' | 'calendarId'> & { calendar: CalendarRef };

/** The steps of a policy version as a JSON array, in their order. */
export const stepsJson = (versionId: SQL) => sql`(select coalesce(json_agg(json_build_object(
    'target', s.target, 'key', s.key, 'position', s.position, 'kind', s.kind, 'atPercent', s.at_percent,
    'afterBreachMinutes', s.after_breach_minutes, 'daysBefore', s.days_before, 'tell', s.tell,
    'tellUserId', s.tell_user_id, 'does', s.does)
    order by s.position), '[]'::json) from policy_steps s where s.policy_version_id = ${versionId})`;

export const calendarJson = sql`json_build_object(
    'id', c.id, 'version', c.version, 'name', c.name, 'timeZone', c.time_zone)`;

/** The active policies for a kind of record in their order, for `matchOf`. One statement, and the calendars once. */
export async function loadPolicies(tx: Tx, kind: SubjectKind): Promise<LoadedPolicy[]> {
  const rows = await jsonRows<PolicyRow>(
    tx,
    sql`select json_build_object(
        'policyId', p.id, 'requestTypeId', p.request_type_id, 'priority', p.priority, 'clientTier', p.client_tier,
        'clientTag', p.client_tag, 'teamId', p.team_id, 'policyVersionId', v.id, 'calendar', ${calendarJson},
        'pausesClient', v.pauses_client, 'pausesThirdParty', v.pauses_third_party,
        'workingHoursOnly', v.working_hours_only,
        'targets', (select coalesce(json_agg(json_build_object(
            'target', t.target, 'amount', t.amount, 'unit', t.unit)), '[]'::json)
          from policy_targets t where t.policy_version_id = v.id),
        'steps', ${stepsJson(sql`v.id`)}) as row
      from policies p
      cross join lateral (
        select * from policy_versions where policy_id = p.id order by version desc limit 1) v
      join calendars c on c.id = v.calendar_id
      where p.active and p.subject_kind = ${kind}
      order by p.position, p.id`
  );
  const policies: LoadedPolicy[] = [];
  for (const row of rows) {
    policies.push({ ...row, calendarId: row.calendar.id, calendar: await calendarOf(tx, row.calendar) });
  }
  return policies;
}

/** The first of the policies that matches the subject; null when none does. */
export function matchOf<Policy extends PolicyCriteria>(policies: Policy[], subject: Subject): Policy | null {
  return policies.find((policy) => matches(policy, subject)) ?? null;
}

function matches(policy: PolicyCriteria, subject: Subject): boolean {
  return (
    fits(policy.requestTypeId, subject.requestTypeId) &&
    fits(policy.priority, subject.priority) &&
    fits(policy.clientTier, subject.clientTier) &&
    fits(policy.teamId, subject.teamId) &&
    (policy.clientTag === null || (subject.clientTags ?? []).includes(policy.clientTag))
  );
}

const fits = <Value>(wanted: Value | null, has: Value | null | undefined) =>
  wanted === null || wanted === has;

interface Begun {
  startedAt: Date;
  takenUpAt?: Date | null;
  /** For a target of the unit `on_date`. */
  onDate: string | null;
}

/** The terms under which a clock for one of the policy's targets runs. */
export function termsOf(policy: PolicyTerms, target: PolicyTarget, begun: Begun): ClockTerms {
  const { calendar, pausesClient, pausesThirdParty, workingHoursOnly } = policy;
  const { startedAt, takenUpAt = null, onDate } = begun;
  return { calendar, pausesClient, pausesThirdParty, workingHoursOnly, target, startedAt, takenUpAt, onDate };
}

/** The ladder of one of the policy's targets. */
export const stepsFor = (policy: PolicyTerms, target: TargetName) =>
  policy.steps.filter((step) => step.target === target);
