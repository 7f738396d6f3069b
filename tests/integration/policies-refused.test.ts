import { describe, expect, it } from 'vitest';
import { api, named, step, target, usePolicyForms } from '../support/policy-forms.ts';
import { atField } from '../support/refusals.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
usePolicyForms();

describe('a policy is refused, at the field,', () => {
  it.each([
    ['with a target of zero', { targets: [target({ amount: 0 })] }, 'targets.0.amount', /above zero/],
    ['with one of over a year', { targets: [target({ amount: 367 })] }, 'targets.0.amount', /At most a year/],
    [
      'with one of ten years of calendar days',
      { targets: [target({ amount: 3650, unit: 'calendar_days' })] },
      'targets.0.amount',
      /At most a year/
    ],
    [
      'with one of over a year of working hours',
      { targets: [target({ amount: 2929, unit: 'working_hours' })] },
      'targets.0.amount',
      /At most a year/
    ],
    ['with one of half a day', { targets: [target({ amount: 0.5 })] }, 'targets.0.amount', /whole number/],
    [
      'that promises nothing',
      { targets: [target({ amount: undefined })] },
      'targets.0.amount',
      /at least one/
    ],
    ['that promises twice', { targets: [target(), target()] }, 'targets.1.amount', /twice/],
    [
      'that promises what its kind does not have',
      { targets: [target({ target: 'review', unit: 'on_date' })] },
      'targets.0.amount',
      /not promised for a request/
    ],
    [
      'that counts a length as a date',
      { targets: [target({ unit: 'on_date' })] },
      'targets.0.unit',
      /counted so/
    ],
    ['with a ladder that tells nobody', { steps: [] }, 'targets.0.amount', /Nobody would be told/],
    ['with a step that tells nobody', { steps: [step({ does: [] })] }, 'steps.0.tell', /tell nobody/],
    [
      'with a step to a colleague who is none',
      { steps: [step({ tell: 'user' })] },
      'steps.0.tellUserId',
      /Choose a colleague/
    ],
    ['with a step without a time', { steps: [step({ amount: undefined })] }, 'steps.0.amount', /Say when/],
    ['with a step at 900 percent', { steps: [step({ amount: 900 })] }, 'steps.0.amount', /1 to 500/],
    ['with a step at no percent', { steps: [step({ amount: 0 })] }, 'steps.0.amount', /1 to 500/],
    [
      'with a step before its breach',
      { steps: [step({ when: 'after_hours', amount: -1 })] },
      'steps.0.amount',
      /year/
    ],
    [
      'with the same step twice',
      { steps: [step(), step({ does: ['notify'] })] },
      'steps.1.amount',
      /already/
    ],
    [
      'with a step of what is not promised',
      { steps: [step(), step({ target: 'first_response' })] },
      'steps.1.tell',
      /not promised/
    ],
    [
      'that gives work to everybody',
      { steps: [step({ tell: 'administrators', does: ['notify', 'reassign'] })] },
      'steps.0.tell',
      /one person/
    ],
    [
      'that gives clients away',
      {
        subjectKind: 'client',
        targets: [target({ target: 'contact' })],
        steps: [step({ target: 'contact', does: ['notify', 'reassign'] })]
      },
      'steps.0.tell',
      /handed over by people/
    ],
    [
      'that raises what leads do not have',
      {
        subjectKind: 'lead',
        targets: [target({ target: 'first_call' })],
        steps: [step({ target: 'first_call', does: ['notify', 'raise_priority'] })]
      },
      'steps.0.tell',
      /no priority/
    ],
    [
      'that asks a lead for its priority',
      { subjectKind: 'lead', priority: 'high', targets: [target({ target: 'first_call' })] },
      'priority',
      /does not have a priority/
    ],
    ['with a calendar that is none', { calendarId: 999_999 }, 'calendarId', /Choose a calendar/]
  ] as [string, object, string, RegExp][])('%s', async (_, more, field, message) => {
    const before = (await api().list()).total;
    await expect(api().create(named(more))).rejects.toEqual(atField(field, message));
    expect((await api().list()).total).toBe(before);
  });

  it('that tells somebody who has left', async () => {
    await expect(
      api().create(named({ steps: [step({ tell: 'user', tellUserId: firm.goneId })] }))
    ).rejects.toEqual(atField('steps.0.tellUserId', /is deactivated/));
  });
});
