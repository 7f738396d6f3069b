import { z } from 'zod';
import type { DuplicateDecision, DuplicateOccasion, EnteredDuplicate } from '#lib/clients/duplicate.ts';

const id = z.number().int().positive();

export const listDuplicatesInput = z.strictObject({
  /** Those that wait, unless those that were decided are asked for. */
  filter: z.strictObject({ decided: z.boolean().optional() }).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export const duplicateIdInput = z.strictObject({ id });

export const ownDuplicatesInput = z.strictObject({
  /** Only what the conversion of this lead met. */
  leadId: id.optional()
});

export const decideDuplicateInput = z.strictObject({
  id,
  version: id.optional(),
  decision: z.enum(['same', 'different'], 'Choose whether it is the same'),
  /** Told to whoever asked. */
  note: z.string().trim().max(1000).nullish()
});

/** Posted on the page of one, whose address has its id. */
export const decideForm = decideDuplicateInput.omit({ id: true });

export type ListDuplicatesInput = z.input<typeof listDuplicatesInput>;
export type DecideDuplicateInput = z.input<typeof decideDuplicateInput>;

export const OCCASION_LABELS: Record<DuplicateOccasion, string> = {
  client: 'New client',
  lead: 'Conversion of a lead',
  change: 'Change of a client',
  contact: 'E-mail or phone added'
};

export const MATCHED_ON_LABELS = {
  pan: 'Same PAN',
  account: 'Same account id',
  email: 'Same e-mail address',
  phone: 'Same phone number'
} as const;

export type MatchedOn = keyof typeof MATCHED_ON_LABELS;

export const DECISION_LABELS: Record<DuplicateDecision, string> = {
  same: 'The same',
  different: 'Not the same',
  withdrawn: 'No longer needed'
};

/** Nobody has the PAN or account id of somebody else: going ahead needs another one. */
export const needsCorrection = (matchedOn: string): boolean => matchedOn === 'pan' || matchedOn === 'account';

/** What the entry is called: older ones may have no name. */
export const nameOf = ({ name, of, email, phone }: EnteredDuplicate): string =>
  name || of?.name || email || phone || 'No name';

/** What was typed, by what it is compared with. */
export const enteredValues = (entered: EnteredDuplicate): Record<string, string | undefined> => ({
  name: entered.name ?? undefined,
  organisation: entered.organisation ?? undefined,
  email: entered.email ?? undefined,
  phone: [entered.phone, entered.whatsapp].filter(Boolean).join(', ') || undefined,
  account: entered.accountId ?? undefined,
  pan: entered.panLast4 ? `ends in ${entered.panLast4}` : undefined
});
