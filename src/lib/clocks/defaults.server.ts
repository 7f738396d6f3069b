import { eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { CLIENT_TARGETS, LEAD_TARGETS, workTargets, type DefaultTarget } from './default-targets.ts';
import type { SubjectKind, TargetUnit } from './model.ts';
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
  subjectKind: SubjectKind;
  requestTypeId?: number;
  priority?: string;
  targets: DefaultTarget[];
}

export const BUSINESS_HOURS = 'Business hours';
const FALLBACK_DAYS = 3;
/** Working minutes until somebody has taken a request up: half a day. */
const TAKEN_UP = 240;
/** Working minutes until a query is answered for the first time, by priority. */
const ANSWERED = { urgent: 60, high: 60, other: 240 };
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
 * all other requests, three for queries, one for leads and one for clients. Adds what is missing and leaves alone what
 * somebody has changed.
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

const requestTargets = (days: number) => workTargets({ amount: days, unit: 'working_days' }, TAKEN_UP);

const typePolicy = (type: PromisedType): DefaultPolicy => ({
  key: `request.${type.key}`,
  name: typePolicyName(type),
  subjectKind: 'request',
  requestTypeId: type.id,
  targets: requestTargets(type.defaultTatDays)
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
      targets: requestTargets(FALLBACK_DAYS)
    },
    ...(['urgent', 'high'] as const).map((priority) => ({
      key: `query.${priority}`,
      name: `${priority === 'high' ? 'High-priority' : 'Urgent'} queries: 4 working hours`,
      subjectKind: 'query' as const,
      priority,
      targets: queryTargets(240, 'working_minutes', ANSWERED[priority])
    })),
    {
      key: 'query.other',
      name: 'Queries: 2 working days',
      subjectKind: 'query',
      targets: queryTargets(2, 'working_days', ANSWERED.other)
    },
    { key: 'lead.other', name: 'Leads', subjectKind: 'lead', targets: LEAD_TARGETS },
    { key: 'client.other', name: 'Clients', subjectKind: 'client', targets: CLIENT_TARGETS }
  ];
}

const queryTargets = (amount: number, unit: TargetUnit, answered: number) =>
  workTargets({ amount, unit }, answered);

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
  const { targets, ...columns } = policy;
  const [added] = await tx
    .insert(policies)
    .values({ ...columns, position })
    .returning({ id: policies.id });
  const [version] = await tx
    .insert(policyVersions)
    // Steps that fall outside working hours wait for the next opening: nobody wants to be told at night.
    .values({ policyId: added?.id ?? 0, version: 1, calendarId, workingHoursOnly: true })
    .returning({ id: policyVersions.id });
  const policyVersionId = version?.id ?? 0;
  await tx.insert(policyTargets).values(
    targets.map(({ target, amount, unit, warnPercent }) => ({
      policyVersionId,
      target,
      amount,
      unit,
      warnPercent
    }))
  );
  const steps = targets.flatMap(({ target, steps }) =>
    steps.map((step, index) => ({ ...step, policyVersionId, target, position: index + 1 }))
  );
  await tx.insert(policySteps).values(steps);
}
