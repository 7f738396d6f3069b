import { eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { TargetUnit } from './model.ts';
import {
  calendarHolidays,
  calendars,
  calendarWindows,
  policies,
  policySteps,
  policyTargets,
  policyVersions
} from './policy-schema.server.ts';

/** A request type as far as its promise is concerned. */
export interface PromisedType {
  id: number;
  key: string;
  name: string;
  /** In working days. */
  defaultTatDays: number;
}

interface DefaultPolicy {
  key: string;
  name: string;
  subjectKind: 'query' | 'request';
  requestTypeId?: number;
  priority?: string;
  amount: number;
  unit: TargetUnit;
}

const BUSINESS_HOURS = 'Business hours';
const WARN_PERCENT = 75;
const ADMINISTRATORS_AFTER_MINUTES = 240;
const FALLBACK_DAYS = 3;
const LAST = 10_000;

const HOLIDAYS = [
  { onDate: '2026-01-26', name: 'Republic Day' },
  { onDate: '2026-03-04', name: 'Holi' },
  { onDate: '2026-04-03', name: 'Good Friday' },
  { onDate: '2026-05-01', name: 'Labour Day' },
  { onDate: '2026-10-02', name: 'Gandhi Jayanti' },
  { onDate: '2026-10-20', name: 'Dussehra' },
  { onDate: '2026-11-10', name: 'Diwali (Balipratipada)' },
  { onDate: '2026-11-24', name: 'Guru Nanak Jayanti' },
  { onDate: '2026-12-25', name: 'Christmas' },
  { onDate: '2027-01-26', name: 'Republic Day' },
  { onDate: '2027-03-22', name: 'Holi' },
  { onDate: '2027-03-26', name: 'Good Friday' },
  { onDate: '2027-10-29', name: 'Diwali' },
  { onDate: '2027-12-25', name: 'Christmas' }
];

/**
 * The calendar and policies a firm begins with: one policy for each request type by its turnaround, one for
 * all other requests, and two for queries. Adds what is missing and leaves alone what somebody has changed.
 */
export async function seedDefaultPolicies(
  tx: Tx,
  types: PromisedType[],
  firm: { timeZone: string } = { timeZone: 'Asia/Kolkata' }
): Promise<void> {
  const calendarId = await seedCalendar(tx, firm.timeZone);
  const known = new Set((await tx.select({ key: policies.key }).from(policies)).map(({ key }) => key));
  for (const [index, policy] of defaultPolicies(types).entries()) {
    if (!known.has(policy.key)) await addPolicy(tx, policy, (index + 1) * 10, calendarId);
  }
}

/** What the policy that follows a type's turnaround is called. */
export const typePolicyName = ({ name, defaultTatDays }: PromisedType) =>
  `${name}: ${defaultTatDays} working ${defaultTatDays === 1 ? 'day' : 'days'}`;

const typePolicy = (type: PromisedType): DefaultPolicy => ({
  key: `request.${type.key}`,
  name: typePolicyName(type),
  subjectKind: 'request',
  requestTypeId: type.id,
  amount: type.defaultTatDays,
  unit: 'working_days'
});

/** Adds the policy that follows a new type's turnaround, just before the one for all other requests. */
export async function addTypePolicy(tx: Tx, type: PromisedType): Promise<void> {
  const [fallback] = await tx
    .select({ position: policies.position })
    .from(policies)
    .where(eq(policies.key, 'request.other'));
  const [calendar] = await tx
    .select({ id: calendars.id })
    .from(calendars)
    .orderBy(sql`${calendars.name} = ${BUSINESS_HOURS} desc`, calendars.id)
    .limit(1);
  if (!calendar) return;
  await addPolicy(tx, typePolicy(type), (fallback?.position ?? LAST) - 1, calendar.id);
}

function defaultPolicies(types: PromisedType[]): DefaultPolicy[] {
  return [
    ...types.map(typePolicy),
    {
      key: 'request.other',
      name: `Other requests: ${FALLBACK_DAYS} working days`,
      subjectKind: 'request',
      amount: FALLBACK_DAYS,
      unit: 'working_days'
    },
    ...(['urgent', 'high'] as const).map((priority) => ({
      key: `query.${priority}`,
      name: `${priority === 'high' ? 'High-priority' : 'Urgent'} queries: 4 working hours`,
      subjectKind: 'query' as const,
      priority,
      amount: 240,
      unit: 'working_minutes' as const
    })),
    {
      key: 'query.other',
      name: 'Queries: 2 working days',
      subjectKind: 'query',
      amount: 2,
      unit: 'working_days'
    }
  ];
}

async function seedCalendar(tx: Tx, timeZone: string): Promise<number> {
  const [known] = await tx
    .select({ id: calendars.id })
    .from(calendars)
    .where(eq(calendars.name, BUSINESS_HOURS));
  if (known) return known.id;
  const [added] = await tx
    .insert(calendars)
    .values({ name: BUSINESS_HOURS, timeZone })
    .returning({ id: calendars.id });
  if (!added) throw new Error('The calendar was not added');
  const calendarId = added.id;
  await tx
    .insert(calendarWindows)
    .values([1, 2, 3, 4, 5].map((weekday) => ({ calendarId, weekday, opens: '09:30', closes: '18:00' })));
  await tx.insert(calendarHolidays).values(HOLIDAYS.map((holiday) => ({ calendarId, ...holiday })));
  return calendarId;
}

async function addPolicy(tx: Tx, policy: DefaultPolicy, position: number, calendarId: number): Promise<void> {
  const { amount, unit, ...columns } = policy;
  const [added] = await tx
    .insert(policies)
    .values({ ...columns, position })
    .returning({ id: policies.id });
  const [version] = await tx
    .insert(policyVersions)
    .values({ policyId: added?.id ?? 0, version: 1, calendarId })
    .returning({ id: policyVersions.id });
  const on = { policyVersionId: version?.id ?? 0, target: 'resolution' as const };
  await tx.insert(policyTargets).values({ ...on, amount, unit, warnPercent: WARN_PERCENT });
  await tx.insert(policySteps).values([
    { ...on, key: 'warning', position: 1, kind: 'warning', atPercent: WARN_PERCENT, tell: 'assignee' },
    { ...on, key: 'breach', position: 2, kind: 'breach', atPercent: 100, tell: 'head' },
    {
      ...on,
      key: 'administrators',
      position: 3,
      kind: 'escalation',
      afterBreachMinutes: ADMINISTRATORS_AFTER_MINUTES,
      tell: 'administrators'
    }
  ]);
}
