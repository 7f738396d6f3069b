import { z } from 'zod';

/** Every working morning, and on the first working day of the week for administrators. */
export const DIGEST_KINDS = ['morning', 'weekly'] as const;
export type DigestKind = (typeof DIGEST_KINDS)[number];

/** `queued` was mailed, `skipped` had nothing to say, `failed` is tried again a few times. */
export const DIGEST_STATES = ['queued', 'skipped', 'failed'] as const;

/** What a part of a digest is about. */
export const SECTIONS = [
  'newlyOverdue',
  'dueToday',
  'escalated',
  'stillOverdue',
  'leads',
  'moved',
  'reviews',
  'silent',
  'promises',
  'steps',
  'attention'
] as const;
export type SectionKey = (typeof SECTIONS)[number];

/** What a count is of. */
export const COUNTS = [
  'queries',
  'requests',
  'leadsOverdue',
  'leadsToday',
  'leadsWaiting',
  'created',
  'converted',
  'denied',
  'reviewsOverdue',
  'reviewsWeek',
  'urgent',
  'never',
  'breaches',
  'escalations',
  'failedRuns',
  'deadJobs',
  'unknownMails',
  'parkedMails',
  'failedDigests'
] as const;
export type CountKey = (typeof COUNTS)[number];

/** A count and the list that shows its rows, as a path within Rapport. */
export interface DigestCount {
  key: CountKey;
  total: number;
  /** There are more than were counted. */
  atLeast?: boolean;
  path: string;
}

/** One of the rows that are counted. */
export interface DigestLine {
  path: string;
  text: string;
  /** With whom it is; null for nobody, left out where it is nobody's to have. */
  who?: string | null;
  /** When it is or was due: a moment, or a firm date. Null while it waits for the client. */
  at?: string | null;
  on?: string | null;
  lastContactAt?: string | null;
  /** A lead whose first call or follow-up, or a client whose review, is overdue. */
  late?: boolean;
  /** When a lead's first call is or was due, where that comes before the follow-up. */
  firstCall?: string;
}

export interface DigestSection {
  key: SectionKey;
  counts: DigestCount[];
  /** The first few of what is counted, but for what a section above names. */
  lines: DigestLine[];
  /** How many of what is counted are named in sections above, as far as was looked. */
  above?: number;
}

/** Open leads at the end of a firm date, as the nightly report has them. Values are in the firm's currency. */
export interface PipelineAt {
  on: string;
  open: number;
  value: string;
}

/** Promises that ended in a week; the last row, without a name, is the whole firm. */
export interface KeptPromises {
  team: string | null;
  ended: number;
  kept: number;
}

/** What a digest says, kept as it was when it was written. Moments are ISO texts, dates the firm's. */
export interface DigestContent {
  kind: DigestKind;
  /** Whose work it is about. */
  about: 'teams' | 'own' | 'firm';
  since: string;
  sections: DigestSection[];
  /** The latest nightly report and the one before the time this is about. */
  pipeline: {
    now: PipelineAt;
    before: PipelineAt | null;
    /** Where the nightly report shows the reader more than these: the list of them as it is now. */
    path?: string;
  } | null;
  /** The week's promises by team, and the share kept the week before. */
  promises: {
    from: string;
    to: string;
    teams: KeptPromises[];
    whole: KeptPromises;
    before: KeptPromises;
  } | null;
}

export const sumOf = ({ counts }: Pick<DigestSection, 'counts'>): number =>
  counts.reduce((sum, { total }) => sum + total, 0);

export const digestIdInput = z.strictObject({ id: z.number().int().positive() });
export const emptyInput = z.strictObject({}).optional();
/** Which; his usual one when left out. */
export const sendDigestInput = z.strictObject({ kind: z.enum(DIGEST_KINDS).optional() });
export const listDigestsInput = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.number().int().min(1).max(100).optional()
});
