import { describe, expect, test } from 'vitest';
import { fieldLabels } from '#lib/policies/ladder.ts';

describe('the fields of a policy, where the form says what is wrong', () => {
  const labels = fieldLabels('request', [
    { n: 0, target: 'first_response', spare: false },
    { n: 1, target: 'resolution', spare: false },
    { n: 4, target: 'resolution', spare: false }
  ]);

  test('are told apart by their promise', () => {
    expect(labels).toMatchObject({
      'targets.0.amount': 'First response',
      'targets.0.unit': 'First response, counted in',
      'targets.1.amount': 'Next response',
      'targets.2.amount': 'Resolution'
    });
  });

  test('are told apart by the step of its ladder', () => {
    expect(labels).toMatchObject({
      'steps.0.amount': 'First response, step 1, when',
      'steps.1.tell': 'Resolution, step 1, tell',
      'steps.4.tellUserId': 'Resolution, step 2, colleague'
    });
    expect(new Set(Object.values(labels)).size).toBe(Object.values(labels).length);
  });
});
