import { z } from 'zod';
import { CHANNELS } from '#lib/interactions/kinds.ts';
import { LEAD_OPPORTUNITIES } from '#lib/leads/model.ts';
import { withoutGroups } from '#lib/platform/amount.ts';

const id = z.number().int().positive();
/** `2026-11-21`, a date that exists. */
const date = z.iso.date();

export const REVIEW_CHANNELS = CHANNELS.filter((channel) => channel !== 'note');

const review = {
  /** In the firm's time zone. */
  heldOn: date,
  channel: z.enum(CHANNELS).exclude(['note']),
  holdingIds: z.array(id).max(200),
  findings: z.string().trim().max(20_000).nullish(),
  /** By the client's cadence when left out. */
  nextOn: date.nullish()
};

/** Something else for the client, or more of the same: what the lead is to be about. */
const opportunity = z.strictObject({
  opportunity: z.enum(LEAD_OPPORTUNITIES, 'Choose what the lead is for'),
  productId: id.optional(),
  expectedValue: z
    .string()
    .trim()
    .overwrite(withoutGroups)
    .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'An amount looks like 125000 or 125000.50')
    .optional(),
  nextFollowUpOn: date.optional(),
  notes: z.string().trim().max(10_000).optional()
});

export const logReviewInput = z.strictObject({
  clientId: id,
  ...review,
  channel: review.channel.optional(),
  holdingIds: review.holdingIds.optional(),
  /** Who of ours held it: the actor when left out. */
  byId: id.nullish(),
  lead: opportunity.optional()
});

/** Fields left out stay as they are. */
export const updateReviewInput = z.strictObject({
  id,
  /** Of the interaction that it is. */
  version: z.number().int().min(1),
  ...z.strictObject(review).partial().shape
});

export const reviewIdInput = z.strictObject({ id });

export type LogReviewInput = z.input<typeof logReviewInput>;
export type UpdateReviewInput = z.input<typeof updateReviewInput>;

/** `2026-01-31`, one month later: `2026-02-28`, as Postgres counts it. */
export function monthsLater(day: string, months: number): string | null {
  const from = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(from.getTime())) return null;
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));
  last.setUTCDate(Math.min(from.getUTCDate(), last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}
