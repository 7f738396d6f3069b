import type { DELIVERIES } from './model.ts';

export type Delivery = (typeof DELIVERIES)[number];
/** What somebody chooses for a kind; `none` stops it. */
export type Choice = Delivery | 'none';

interface Kind {
  label: string;
  hint: string;
  /** How it comes to those who have chosen nothing; the database says the same in `app.delivery_for`. */
  usually: Delivery;
}

/** Everything that people are told of. */
export const NOTIFICATION_KINDS = {
  assigned: {
    label: 'Work given to you',
    hint: 'A lead, query, request or planned contact is yours now, or goes to somebody else.',
    usually: 'app'
  },
  mention: { label: 'Mentions', hint: 'A colleague names you in a comment.', usually: 'app' },
  comment: {
    label: 'Comments on your work',
    hint: 'A colleague says something about work you have, or that you commented on.',
    usually: 'app'
  },
  warning: {
    label: 'Promises due soon',
    hint: 'A deadline of yours, or of your team, comes near.',
    usually: 'mail'
  },
  escalation: {
    label: 'Broken promises',
    hint: 'A deadline has passed, or goes up to you.',
    usually: 'mail'
  },
  review: {
    label: 'Portfolio reviews',
    hint: 'A review is ahead, due or overdue.',
    usually: 'app'
  },
  acknowledged: {
    label: 'Acknowledged and snoozed',
    hint: 'Somebody says that he is on it, or that it can wait.',
    usually: 'app'
  },
  handover: {
    label: 'Handovers',
    hint: 'A book or work passes from one colleague to another.',
    usually: 'app'
  },
  duplicate: {
    label: 'Duplicates',
    hint: 'Somebody may have been entered twice, and what was decided.',
    usually: 'app'
  },
  merged: { label: 'Merged records', hint: 'Two of the records you look after became one.', usually: 'app' }
} as const satisfies Record<string, Kind>;

export type NotificationKind = keyof typeof NOTIFICATION_KINDS;
export const NOTIFICATION_KIND_NAMES = Object.keys(NOTIFICATION_KINDS) as NotificationKind[];

export const CHOICES = ['none', 'app', 'daily', 'mail'] as const satisfies readonly Choice[];

export const CHOICE_LABELS: Record<Choice, string> = {
  none: 'Not at all',
  app: 'In the app',
  daily: 'In the app and in a daily summary',
  mail: 'In the app and by mail at once'
};

/** What somebody may choose: who leads a team hears of broken promises in any case. */
export const choicesFor = (kind: NotificationKind, level: number): readonly Choice[] =>
  kind === 'escalation' && level <= 1 ? CHOICES.filter((choice) => choice !== 'none') : CHOICES;
