import { randomUUID } from 'node:crypto';
import { eq, inArray, sql } from 'drizzle-orm';
import type { PolicyCriteria } from '#lib/clocks/policies.server.ts';
import { calendars, policies, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { onConstraint } from '#lib/platform/db/failures.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { changing, type Changed } from './changing.server.ts';
import type { CreatePolicyInput, PolicyMatch, PolicyTermsInput, UpdatePolicyInput } from './policy-inputs.ts';
import { lockNames, takenBy } from './names.server.ts';
import { checkTerms, mustSuit, type Planned } from './policy-rules.ts';
import { placeFor } from './policy-order.server.ts';
import {
  addVersion,
  lockPolicy,
  versionsOf,
  type PolicyRow,
  type PolicyVersion
} from './policy-rows.server.ts';

const refuse = (message: string, field: string) => new RuleViolation(message, { field });

/** Adds a policy before the first one that would take everything from it. */
export function createPolicy(tx: Tx, actor: Actor, { dryRun, ...input }: CreatePolicyInput) {
  return changing(tx, actor, dryRun, async (inner) => {
    const { subjectKind, name } = input;
    await lockNames(inner, 'policies');
    await mustBeFree(inner, { subjectKind, name });
    const match = matchOf(input);
    mustSuit(subjectKind, match);
    const terms = { ...input, ...checkTerms(subjectKind, input) };
    await mustExist(inner, match, terms);
    const position = await placeFor(inner, subjectKind, match);
    const [added] = await inner
      .insert(policies)
      .values({ key: `policy.${randomUUID()}`, name, subjectKind, position, ...match })
      .returning({ id: policies.id, version: policies.version });
    if (!added) throw new Error('The policy was not added');
    await addVersion(inner, added.id, terms);
    return { ...added, scope: { policyId: added.id, what: 'Added the policy' } };
  });
}

/**
 * Changes a policy. What it promises, its ladder, its calendar and what pauses become a new version, which running
 * clocks go over to in the background; the versions before are kept.
 */
export function updatePolicy(tx: Tx, actor: Actor, { id, version, dryRun, ...input }: UpdatePolicyInput) {
  return changing(tx, actor, dryRun, async (inner): Promise<Changed> => {
    await lockNames(inner, 'policies');
    const before = await lockPolicy(inner, id, version);
    await mustBeFree(inner, { ...before, name: input.name });
    const match = matchOf(input);
    mustSuit(before.subjectKind, match);
    const terms = { ...input, ...checkTerms(before.subjectKind, input) };
    await mustExist(inner, match, terms);
    const [latest] = await versionsOf(inner, id);
    const number = latest && saysSame(latest, terms) ? null : await addVersion(inner, id, terms);
    const [changed] = await inner
      .update(policies)
      .set({ name: input.name, ...match, version: sql`${policies.version} + 1` })
      .where(eq(policies.id, id))
      .returning({ version: policies.version });
    const what = number === null ? 'Changed what it is for' : `Changed to version ${number}`;
    const follows = number !== null || !isSameMatch(before, match);
    return { id, version: changed?.version ?? 0, scope: follows ? { policyId: id, what } : null };
  });
}

/** Takes a policy out of use, or into use again: clocks go over to what matches then. */
export function setPolicyActive(
  tx: Tx,
  actor: Actor,
  {
    id,
    version,
    active,
    dryRun
  }: { id: number; version: number; active: boolean; dryRun?: boolean | undefined }
) {
  return changing(tx, actor, dryRun, async (inner) => {
    await lockPolicy(inner, id, version);
    const [changed] = await inner
      .update(policies)
      .set({ active, version: sql`${policies.version} + 1` })
      .where(eq(policies.id, id))
      .returning({ id: policies.id, version: policies.version });
    if (!changed) throw new NotFound();
    return { ...changed, scope: { policyId: id, what: active ? 'Taken into use' : 'Taken out of use' } };
  });
}

/** What keeps the versions of a policy. */
const RUN_UNDER = [
  'clocks_policy_version_id_policy_versions_id_fk',
  'escalations_policy_version_id_policy_versions_id_fk',
  'clock_moves_policy_version_id_policy_versions_id_fk',
  'clock_moves_from_version_id_policy_versions_id_fk'
];

/** Removes a policy under which no clock ever ran; others are taken out of use instead. */
export async function removePolicy(tx: Tx, { id, version }: { id: number; version: number }): Promise<void> {
  const { name } = await lockPolicy(tx, id, version);
  const kept = new RuleViolation(`Clocks ran under ${name}, so it stays. Take it out of use instead`);
  const versions = tx.delete(policyVersions).where(eq(policyVersions.policyId, id));
  await RUN_UNDER.reduce<Promise<unknown>>(
    (gone, reference) => gone.catch((error: unknown) => onConstraint(error, reference, kept)),
    versions.execute()
  );
  await tx.delete(policies).where(eq(policies.id, id));
}

const matchOf = (match: PolicyMatch): PolicyCriteria => ({
  requestTypeId: match.requestTypeId ?? null,
  priority: match.priority ?? null,
  clientTier: match.clientTier ?? null,
  clientTag: match.clientTag ?? null,
  teamId: match.teamId ?? null
});

/** A policy is chosen and told by its name, among those of its kind. */
async function mustBeFree(
  tx: Tx,
  { id, subjectKind, name }: Pick<PolicyRow, 'subjectKind' | 'name'> & { id?: number }
): Promise<void> {
  const rows = await tx
    .select({ id: policies.id, name: policies.name, active: policies.active })
    .from(policies)
    .where(eq(policies.subjectKind, subjectKind));
  const same = takenBy(rows, name, id);
  if (!same) return;
  throw refuse(`There is a policy of this name already${same.active ? '' : ', which is not in use'}`, 'name');
}

const isSameMatch = (before: PolicyRow, match: PolicyCriteria) =>
  (Object.keys(match) as (keyof PolicyCriteria)[]).every((one) => before[one] === match[one]);

/** What it names must be there; people who are told, active. */
async function mustExist(
  tx: Tx,
  match: PolicyCriteria,
  terms: { calendarId: number; steps: Planned[] }
): Promise<void> {
  const { requestTypeId, teamId } = match;
  const [calendar] = await tx
    .select({ id: calendars.id })
    .from(calendars)
    .where(eq(calendars.id, terms.calendarId));
  if (!calendar) throw refuse('Choose a calendar', 'calendarId');
  if (teamId !== null) {
    const [team] = await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, teamId));
    if (!team) throw refuse('Choose a team', 'teamId');
  }
  if (requestTypeId !== null) {
    const [type] = await tx.execute(sql`select 1 from request_types where id = ${requestTypeId}`);
    if (!type) throw refuse('Choose a request type', 'requestTypeId');
  }
  await mustBeThere(tx, terms.steps);
}

async function mustBeThere(tx: Tx, steps: Planned[]): Promise<void> {
  const named = steps.filter(({ tell }) => tell === 'user');
  if (named.length === 0) return;
  const ids = named.map(({ tellUserId }) => tellUserId ?? 0);
  const found = await tx
    .select({ id: users.id, name: users.name, active: users.active })
    .from(users)
    .where(inArray(users.id, ids));
  for (const { tellUserId, place } of named) {
    const person = found.find(({ id }) => id === tellUserId);
    if (!person) throw refuse('Choose a colleague', `steps.${place}.tellUserId`);
    if (!person.active)
      throw refuse(`${person.name} is deactivated. Choose somebody else`, `steps.${place}.tellUserId`);
  }
}

type TermsNow = Omit<PolicyTermsInput, 'targets' | 'steps'> & Pick<PolicyVersion, 'targets' | 'steps'>;

/** Whether a version says what is to be saved, so that no other is needed. */
function saysSame(version: TermsNow, terms: PolicyTermsInput): boolean {
  return summary(version) === summary(terms);
}

function summary(terms: PolicyTermsInput): string {
  const { calendarId, pausesClient, pausesThirdParty, workingHoursOnly } = terms;
  const targets = terms.targets.map(({ target, amount, unit }) => [target, amount, unit]);
  const steps = terms.steps.map(({ target, key, when, amount, tell, tellUserId, does }) => [
    ...[target, key ?? '', when === 'after_hours' ? 'after_minutes' : when],
    ...[when === 'after_hours' ? (amount ?? 0) * 60 : amount, tell],
    ...[tell === 'user' ? tellUserId : null, [...does].sort()]
  ]);
  const sorted = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).sort();
  return JSON.stringify([
    ...[calendarId, pausesClient, pausesThirdParty, workingHoursOnly],
    ...[sorted(targets), sorted(steps)]
  ]);
}
