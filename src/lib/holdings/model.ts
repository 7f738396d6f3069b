import { z } from 'zod';
import { withoutGroups } from '#lib/platform/amount.ts';

export const HOLDING_KINDS = ['investment', 'owned'] as const;
export const HOLDING_MODES = ['lump_sum', 'sip'] as const;
export const HOLDING_STATUSES = ['active', 'redeemed', 'closed'] as const;

export type HoldingKind = (typeof HOLDING_KINDS)[number];
export type HoldingMode = (typeof HOLDING_MODES)[number];
export type HoldingStatus = (typeof HOLDING_STATUSES)[number];

export const HOLDING_KIND_LABELS: Record<HoldingKind, string> = {
  investment: 'Subscription or investment',
  owned: 'Owned item'
};
export const HOLDING_MODE_LABELS: Record<HoldingMode, string> = { lump_sum: 'Lump sum', sip: 'SIP' };
export const HOLDING_STATUS_LABELS: Record<HoldingStatus, string> = {
  active: 'Active',
  redeemed: 'Redeemed',
  closed: 'Closed'
};

const id = z.number().int().positive();
const version = z.number().int().min(1);
const optional = (most: number) => z.string().trim().max(most).nullish();
/** Money as text, so that nothing is rounded: `125000` or `125000.50`. */
const amount = z
  .string()
  .trim()
  .overwrite(withoutGroups)
  .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'An amount looks like 125000 or 125000.50');
const units = z
  .string()
  .trim()
  .regex(/^(\d{1,12}(\.\d{1,6})?)?$/, 'Units look like 120 or 120.125');
const currency = z.string().regex(/^[A-Z]{3}$/, 'A currency has three letters, like INR');

const fields = {
  /** Left out for what is not in the catalogue: then `productName` says what it is. */
  productId: id.nullish(),
  productName: optional(300),
  kind: z.enum(HOLDING_KINDS).optional(),
  folio: optional(50),
  mode: z.enum(HOLDING_MODES).nullish(),
  amount: amount.nullish(),
  currency: currency.optional(),
  units: units.nullish(),
  startedOn: z.iso.date().nullish(),
  /** Of a SIP: what is paid in each month, and on which day of it. */
  instalment: amount.nullish(),
  instalmentDay: z.number().int().min(1, 'A day of the month').max(31, 'A day of the month').nullish(),
  serialNumbers: z.array(z.string().trim().min(1).max(100)).max(200).optional()
};

export const addHoldingInput = z.strictObject({
  clientId: id,
  /** The lead whose conversion adds it. */
  leadId: id.nullish(),
  ...fields
});

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateHoldingInput = z.strictObject({
  id,
  version,
  ...fields,
  status: z.enum(HOLDING_STATUSES).optional(),
  /** When it was redeemed or closed; the day it is said when left out. */
  endedOn: z.iso.date().nullish()
});

export const holdingIdInput = z.strictObject({ id });
export const removeHoldingInput = z.strictObject({ id, version });

export const listHoldingsInput = z.strictObject({
  /** All holdings the actor sees when left out. */
  clientId: id.optional(),
  filter: z
    .strictObject({ productId: id.optional(), status: z.enum(HOLDING_STATUSES).optional() })
    .optional(),
  cursor: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

/** Of a client, of a product, of both; of everything the actor sees when neither is given. */
export const holdingTotalsInput = z.strictObject({ clientId: id.optional(), productId: id.optional() });

export type AddHoldingInput = z.input<typeof addHoldingInput>;
export type UpdateHoldingInput = z.input<typeof updateHoldingInput>;
export type RemoveHoldingInput = z.input<typeof removeHoldingInput>;
export type ListHoldingsInput = z.input<typeof listHoldingsInput>;
export type HoldingTotalsInput = z.input<typeof holdingTotalsInput>;

interface Terms {
  mode: HoldingMode | null;
  instalment: string | null;
  instalmentDay: number | null;
  status: HoldingStatus;
  startedOn: string | null;
  endedOn: string | null;
}

/** What does not fit together in a holding, and the field it is said at; null when all does. */
export function misfitOf(terms: Terms): { message: string; field: string } | null {
  const { mode, instalment, instalmentDay, status, startedOn, endedOn } = terms;
  if (mode !== 'sip' && instalment) return { message: 'Only a SIP has instalments', field: 'instalment' };
  if (mode !== 'sip' && instalmentDay)
    return { message: 'Only a SIP has a day of the month', field: 'instalmentDay' };
  if (status === 'active' && endedOn)
    return { message: 'What is active has not ended: change the status, or empty this', field: 'endedOn' };
  if (startedOn && endedOn && endedOn < startedOn)
    return { message: 'It cannot end before it began', field: 'endedOn' };
  return null;
}
