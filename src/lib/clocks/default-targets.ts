import { URGENT_AFTER_DAYS, WARNING_AFTER_DAYS } from '#lib/clients/attention.ts';
import type { StepAction, StepKind, TargetName, TargetUnit, Tell } from './model.ts';

interface DefaultStep {
  key: string;
  kind: StepKind;
  tell: Tell;
  atPercent?: number;
  afterBreachMinutes?: number;
  daysBefore?: number;
  does?: StepAction[];
}

/** What a policy that a firm begins with promises, and its ladder. */
export interface DefaultTarget {
  target: TargetName;
  amount: number;
  unit: TargetUnit;
  warnPercent: number;
  steps: DefaultStep[];
}

const WARN_PERCENT = 75;
const ADMINISTRATORS_AFTER_MINUTES = 240;
/** Working minutes after a lead's call or follow-up was missed, and after a review was, until the head hears of it again. */
const HEAD_AFTER = { first_call: 240, follow_up: 480, review: 2400 };

const warning = (tell: Tell = 'assignee'): DefaultStep => ({
  key: 'warning',
  kind: 'warning',
  atPercent: WARN_PERCENT,
  tell
});
const breach = (tell: Tell, key = 'breach'): DefaultStep => ({ key, kind: 'breach', atPercent: 100, tell });
const onTheDay: DefaultStep = { key: 'on_the_day', kind: 'warning', daysBefore: 0, tell: 'assignee' };
const later = (afterBreachMinutes: number): DefaultStep => ({
  key: 'head_later',
  kind: 'escalation',
  afterBreachMinutes,
  tell: 'head'
});

/** Work for a client: answered or taken up within so many working minutes, and done as `resolution` says. */
export function workTargets(
  resolution: { amount: number; unit: TargetUnit },
  responseMinutes: number
): DefaultTarget[] {
  return [
    {
      target: 'first_response',
      amount: responseMinutes,
      unit: 'working_minutes',
      warnPercent: WARN_PERCENT,
      steps: [warning(), breach('head')]
    },
    {
      target: 'resolution',
      ...resolution,
      warnPercent: WARN_PERCENT,
      steps: [
        warning(),
        breach('head'),
        {
          key: 'administrators',
          kind: 'escalation',
          afterBreachMinutes: ADMINISTRATORS_AFTER_MINUTES,
          tell: 'administrators'
        }
      ]
    }
  ];
}

/** A lead that has its RM is called within a working day, and followed up on its day. */
export const LEAD_TARGETS: DefaultTarget[] = [
  {
    target: 'first_call',
    amount: 1,
    unit: 'working_days',
    warnPercent: WARN_PERCENT,
    steps: [warning(), breach('assignee'), breach('head', 'breach_head'), later(HEAD_AFTER.first_call)]
  },
  {
    target: 'follow_up',
    amount: 0,
    unit: 'on_date',
    warnPercent: WARN_PERCENT,
    steps: [onTheDay, breach('assignee'), later(HEAD_AFTER.follow_up)]
  }
];

const CONTACT_WARN_PERCENT = Math.ceil((WARNING_AFTER_DAYS * 100) / URGENT_AFTER_DAYS);

const quietly = (step: DefaultStep): DefaultStep => ({ ...step, does: ['notify'] });

/** Nobody goes longer without contact than attention allows; reviews are held on the day that was agreed. */
export const CLIENT_TARGETS: DefaultTarget[] = [
  {
    target: 'contact',
    amount: URGENT_AFTER_DAYS,
    unit: 'calendar_days',
    warnPercent: CONTACT_WARN_PERCENT,
    // There may be thousands of clients: no mail for each.
    steps: [
      { ...warning(), atPercent: CONTACT_WARN_PERCENT },
      breach('assignee'),
      breach('head', 'breach_head')
    ].map(quietly)
  },
  {
    target: 'review',
    amount: 0,
    unit: 'on_date',
    warnPercent: WARN_PERCENT,
    steps: [
      { key: 'ahead', kind: 'warning', daysBefore: 7, tell: 'assignee' },
      onTheDay,
      breach('assignee'),
      later(HEAD_AFTER.review)
    ]
  }
];
