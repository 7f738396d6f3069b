import { describe, expect, it } from 'vitest';
import { matchOf, type PolicyCriteria } from '#lib/clocks/policies.server.ts';

describe('the policy that matches', () => {
  const any: PolicyCriteria = {
    requestTypeId: null,
    priority: null,
    clientTier: null,
    clientTag: null,
    teamId: null
  };
  const named = (name: string, criteria: Partial<PolicyCriteria>) => ({ ...any, ...criteria, name });
  const policies = [
    named('tag', { clientTag: 'family office' }),
    named('team and priority', { teamId: 7, priority: 'high' }),
    named('tier', { clientTier: 'gold' }),
    named('rest', {})
  ];
  const match = (subject: object) =>
    matchOf(policies, { kind: 'query', id: 1, clientId: 2, ...subject })?.name;

  it('is the first of all whose every criterion fits', () => {
    expect(match({ clientTags: ['nri', 'family office'], clientTier: 'gold' })).toBe('tag');
    expect(match({ teamId: 7, priority: 'high', clientTier: 'gold' })).toBe('team and priority');
    expect(match({ teamId: 7, priority: 'low', clientTier: 'gold' })).toBe('tier');
    expect(match({ teamId: 8 })).toBe('rest');
    expect(matchOf(policies.slice(0, 3), { kind: 'query', id: 1, clientId: 2 })).toBeNull();
  });
});
