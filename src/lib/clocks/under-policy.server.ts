import type { OpenClock } from './open-clocks.server.ts';
import { stepsFor, termsOf, type PolicyTerms } from './policies.server.ts';

/**
 * An open clock as it is under a policy: from its own start, with the pauses it had, and what was carried out stays
 * so. Null where the policy promises no such thing, or one for a date where there is none. Pure, for previews too.
 */
export function underPolicy(clock: OpenClock, policy: PolicyTerms): OpenClock | null {
  const target = policy.targets.find((each) => each.target === clock.target);
  if (!target || (target.unit === 'on_date' && clock.terms.onDate === null)) return null;
  const { policyId, policyVersionId, calendarId } = policy;
  const terms = termsOf(policy, target, clock.terms);
  return { ...clock, policyId, policyVersionId, calendarId, terms, steps: stepsFor(policy, clock.target) };
}
