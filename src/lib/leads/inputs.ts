import { z } from 'zod';
import { createClientInput } from '#lib/clients/model.ts';
import { CHANNELS } from '#lib/interactions/kinds.ts';
import { logInteractionInput, updateInteractionInput } from '#lib/interactions/model.ts';
import { withoutGroups } from '#lib/platform/amount.ts';
import { FOLLOW_UP_DUE, LEAD_MODES, LEAD_PROMISES, LEAD_STATUSES } from './model.ts';

const id = z.number().int().positive();
const version = z.number().int().positive();
const text = (length: number) => z.string().trim().max(length);
const optional = (length: number) => text(length).nullish();
const date = z.iso.date();
/** Money as text, so that nothing is rounded: `125000` or `125000.50`; empty clears. */
const amount = z
  .string()
  .trim()
  .overwrite(withoutGroups)
  .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'An amount looks like 125000 or 125000.50');
const currency = z.string().regex(/^[A-Z]{3}$/, 'A currency has three letters, like INR');

export const LEAD_SORTS = [
  'created',
  'name',
  'status',
  'rm',
  'obtainedBy',
  'product',
  'value',
  'followUp'
] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];

const filter = z.strictObject({
  status: z.array(z.enum(LEAD_STATUSES)).max(LEAD_STATUSES.length).optional(),
  rmId: id.optional(),
  obtainedById: id.optional(),
  /** With this team: waiting for it, or its members'. */
  teamId: id.optional(),
  productId: id.optional(),
  mode: z.enum(LEAD_MODES).optional(),
  unassigned: z.boolean().optional(),
  mine: z.boolean().optional(),
  /** The RM is whoever asks or one of his people; with `waiting` too, either will do. */
  people: z.boolean().optional(),
  /** Without an RM, and with a team that whoever asks heads. */
  waiting: z.boolean().optional(),
  /** As reports count teams: the main team of its RM, else the team it is with. */
  mainTeamId: z.union([id, z.literal('none')]).optional(),
  withoutProduct: z.boolean().optional(),
  withoutMode: z.boolean().optional(),
  /** A key of the managed list of denial reasons. */
  denialReason: text(50).optional(),
  q: text(100).optional(),
  /** First and last day of creation, in the firm's time zone. */
  from: date.optional(),
  to: date.optional(),
  /** Open leads to be followed up on this day or before. */
  followUpBy: date.optional(),
  /** Open leads by their follow-up: before today, today, within a week from today, none set. */
  followUp: z.enum(FOLLOW_UP_DUE).optional(),
  /** Open leads whose first call or follow-up is overdue; or, with none overdue, due on the firm's today. */
  promise: z.enum(LEAD_PROMISES).optional(),
  /** First and last day of the latest change of status, in the firm's time zone. */
  movedFrom: date.optional(),
  movedTo: date.optional(),
  /** Whose status has changed since they were entered. */
  moved: z.boolean().optional(),
  /** Entered at least so many days ago. */
  minAgeDays: z.number().int().min(1).max(10_000).optional(),
  /** Expected value, both ends included. */
  valueFrom: amount.optional(),
  valueTo: amount.optional()
});
const sort = z.strictObject({ by: z.enum(LEAD_SORTS), direction: z.enum(['asc', 'desc']).optional() });

export const boardInput = z.strictObject({ filter: filter.optional(), sort: sort.optional() });

export const listLeadsInput = z.strictObject({
  filter: filter.optional(),
  sort: sort.optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

const fields = {
  name: text(200).min(1, 'Please give a name'),
  phone: optional(40),
  email: optional(254),
  organisation: optional(200),
  givenBy: optional(200),
  givenByClientId: id.nullish(),
  mode: z.enum(LEAD_MODES).nullish(),
  productId: id.nullish(),
  expectedValue: amount.nullish(),
  currency: currency.optional(),
  nextFollowUpOn: date.or(z.literal('')).nullish(),
  notes: optional(10_000)
};

export const createLeadInput = z.strictObject({
  ...fields,
  /** Who obtained it: whoever enters it, unless told otherwise. */
  obtainedById: id.nullish(),
  conversionRmId: id.nullish(),
  /** Where it waits for an RM: the main team of whoever enters it, unless told otherwise. */
  teamId: id.nullish(),
  /** The portfolio review that opened it: one the actor sees. */
  originInteractionId: id.nullish()
});

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateLeadInput = z.strictObject({ id, version, ...z.strictObject(fields).partial().shape });

export const leadIdInput = z.strictObject({ id });

export const startLeadInput = z.strictObject({ id, version: version.optional() });

export const logLeadContactInput = z.strictObject({
  id,
  version: version.optional(),
  channel: z.enum(CHANNELS).exclude(['note']),
  /** From us when left out. */
  direction: z.enum(['inbound', 'outbound']).optional(),
  /** Nobody answered: the call is still due. */
  missed: z.boolean().optional(),
  /** What it was about; the channel's name when left out. */
  subject: text(300).optional(),
  body: logInteractionInput.shape.body,
  /** Now when left out. */
  occurredAt: logInteractionInput.shape.occurredAt,
  /** Empty for none. Left out, the date stays, but one that has come is over when somebody answered. */
  nextFollowUpOn: date.or(z.literal('')).nullish()
});

/** Fields left out stay as they are; null clears. */
export const updateLeadContactInput = z.strictObject({
  id,
  version,
  channel: logLeadContactInput.shape.channel.optional(),
  direction: logLeadContactInput.shape.direction,
  ...updateInteractionInput.pick({ subject: true, body: true, occurredAt: true, missed: true }).shape
});

export const deleteLeadContactInput = z.strictObject({ id, version: version.optional() });

export const assignLeadInput = z.strictObject({
  id: id.optional(),
  ids: z.array(id).min(1).max(200).optional(),
  version: version.optional(),
  rmId: id
});

export const denyLeadInput = z.strictObject({
  id,
  version: version.optional(),
  /** A key of the managed list of denial reasons. */
  reason: text(50).min(1, 'Please choose a reason'),
  note: optional(1000)
});

export const reopenLeadInput = z.strictObject({
  id,
  version: version.optional(),
  reason: text(1000).min(1, 'Please give a reason')
});

export const convertLeadInput = z.strictObject({
  id,
  version: version.optional(),
  /** An existing client the actor sees. */
  clientId: id.optional(),
  /** A new client; what is left out comes from the lead. With `clientId`, what may fill its empty fields. */
  client: createClientInput.partial().optional(),
  productId: id,
  amount: amount.nullish(),
  currency: currency.optional(),
  /** Today when left out. */
  startedOn: date.or(z.literal('')).nullish(),
  folio: optional(50),
  /** Fill what is empty on the existing client from the lead and from `client`. */
  fillEmpty: z.boolean().optional(),
  /** How it was concluded, for the timeline; by the lead's mode when left out. */
  channel: z.enum(CHANNELS).optional()
});

export type LeadFilter = z.input<typeof filter>;
export type BoardInput = z.input<typeof boardInput>;
export type ListLeadsInput = z.input<typeof listLeadsInput>;
export type CreateLeadInput = z.input<typeof createLeadInput>;
export type UpdateLeadInput = z.input<typeof updateLeadInput>;
export type StartLeadInput = z.input<typeof startLeadInput>;
export type LogLeadContactInput = z.input<typeof logLeadContactInput>;
export type UpdateLeadContactInput = z.input<typeof updateLeadContactInput>;
export type AssignLeadInput = z.input<typeof assignLeadInput>;
export type DenyLeadInput = z.input<typeof denyLeadInput>;
export type ReopenLeadInput = z.input<typeof reopenLeadInput>;
export type ConvertLeadInput = z.input<typeof convertLeadInput>;
