/** What met the client that its author does not see: a new client, a lead being converted, a change, a number added. */
export const DUPLICATE_OCCASIONS = ['client', 'lead', 'change', 'contact'] as const;
/** `withdrawn`: the lead was finished otherwise before anybody decided. */
export const DUPLICATE_DECISIONS = ['same', 'different', 'withdrawn'] as const;

export type DuplicateOccasion = (typeof DUPLICATE_OCCASIONS)[number];
export type DuplicateDecision = (typeof DUPLICATE_DECISIONS)[number];

/** What was typed, as the head who decides reads it. */
export interface EnteredDuplicate {
  name?: string | null;
  organisation?: string | null;
  email?: string | null;
  phone?: string | null;
  whatsapp?: string | null;
  accountId?: string | null;
  panLast4?: string | null;
  /** The lead, or the client that was changed. */
  of?: { number: string; name: string };
  /** What a conversion would have sold. */
  sale?: {
    productId: number;
    product: string;
    amount: string | null;
    currency: string;
    startedOn: string | null;
    folio: string | null;
  };
}
