import { z } from 'zod';

export const HOLDING_KINDS = ['investment', 'owned'] as const;
export const HOLDING_MODES = ['lump_sum', 'sip'] as const;
export const HOLDING_STATUSES = ['active', 'redeemed', 'closed'] as const;

export type HoldingKind = (typeof HOLDING_KINDS)[number];
export type HoldingMode = (typeof HOLDING_MODES)[number];

export const HOLDING_KIND_LABELS: Record<HoldingKind, string> = {
  investment: 'Subscription or investment',
  owned: 'Owned item'
};
export const HOLDING_MODE_LABELS: Record<HoldingMode, string> = { lump_sum: 'Lump sum', sip: 'SIP' };

const id = z.number().int().positive();
const optional = (most: number) => z.string().trim().max(most).nullish();
/** Money as text, so that nothing is rounded: `125000` or `125000.50`. */
const amount = z
  .string()
  .trim()
  .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'An amount looks like 125000 or 125000.50');
const units = z
  .string()
  .trim()
  .regex(/^(\d{1,12}(\.\d{1,6})?)?$/, 'Units look like 120 or 120.125');
const currency = z.string().regex(/^[A-Z]{3}$/, 'A currency has three letters, like INR');

const fields = {
  kind: z.enum(HOLDING_KINDS).optional(),
  folio: optional(50),
  mode: z.enum(HOLDING_MODES).nullish(),
  amount: amount.nullish(),
  currency: currency.optional(),
  units: units.nullish(),
  startedOn: z.iso.date().nullish(),
  serialNumbers: z.array(z.string().trim().min(1).max(100)).max(200).optional()
};

export const addHoldingInput = z.strictObject({
  clientId: id,
  /** Left out for an owned item that is not in the catalogue: then `productName` says what it is. */
  productId: id.nullish(),
  productName: optional(300),
  /** The lead whose conversion adds it. */
  leadId: id.nullish(),
  ...fields
});

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateHoldingInput = z.strictObject({
  id,
  version: z.number().int().min(1),
  ...fields,
  status: z.enum(HOLDING_STATUSES).optional()
});

export const listHoldingsInput = z.strictObject({
  /** All holdings the actor sees when left out. */
  clientId: id.optional(),
  filter: z
    .strictObject({ productId: id.optional(), status: z.enum(HOLDING_STATUSES).optional() })
    .optional(),
  cursor: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export type AddHoldingInput = z.input<typeof addHoldingInput>;
export type UpdateHoldingInput = z.input<typeof updateHoldingInput>;
export type ListHoldingsInput = z.input<typeof listHoldingsInput>;
