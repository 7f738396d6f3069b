import { z } from 'zod';
import type { NotificationSubject } from '#lib/notifications/model.ts';
import type { Permission } from '#lib/platform/auth/permissions.ts';

/** What can pass from one person to others, in the order it is carried out. */
export const HANDOVER_PARTS = ['clients', 'secondary', 'contacts', 'leads', 'queries', 'requests'] as const;
export type HandoverPart = (typeof HANDOVER_PARTS)[number];

export type WorkCounts = Record<HandoverPart, number>;

/** What one must be allowed to do with the giver's and the receivers' records for a part to pass. */
export const PART_PERMISSIONS: Record<HandoverPart, Permission> = {
  clients: 'clients.handover',
  secondary: 'clients.handover',
  contacts: 'clients.handover',
  leads: 'leads.assign',
  queries: 'queries.assign',
  requests: 'requests.assign'
};

/** What the receiver's role must let him see for a part to be of use to him. */
export const PART_NEEDS: Record<HandoverPart, Permission> = {
  clients: 'clients.view',
  secondary: 'clients.view',
  contacts: 'clients.view',
  leads: 'leads.view',
  queries: 'queries.view',
  requests: 'requests.view'
};

/** The kind of record a part is made of: whose page a row leads to. */
export const PART_RECORDS: Record<HandoverPart, NotificationSubject> = {
  clients: 'client',
  secondary: 'client',
  contacts: 'client',
  leads: 'lead',
  queries: 'query',
  requests: 'request'
};

/** Why a record was not given back, or `restored`. */
export const UNDO_OUTCOMES = ['restored', 'changed', 'finished', 'gone', 'inactive'] as const;
export type UndoOutcome = (typeof UNDO_OUTCOMES)[number];

/** How long a handover can be undone. */
export const UNDO_HOURS = 24;

export const MOST_RECEIVERS = 12;
export const MOST_PICKS = 1000;

const id = z.number().int().positive();

const plan = {
  fromId: id,
  /** One person takes everything; several share it evenly. */
  toIds: z.array(id).min(1, 'Choose who takes over').max(MOST_RECEIVERS),
  parts: z.array(z.enum(HANDOVER_PARTS)).min(1, 'Choose what is handed over').max(HANDOVER_PARTS.length),
  /** Clients for whom somebody in particular was chosen, or null to leave them where they are. */
  picks: z
    .array(z.strictObject({ clientId: id, toId: id.nullable() }))
    .max(MOST_PICKS)
    .optional()
};

export const handoverPreviewInput = z.strictObject({
  ...plan,
  /** Which part's records are listed; the first that has any when left out. */
  part: z.enum(HANDOVER_PARTS).optional(),
  skip: z.number().int().min(0).max(1_000_000).optional()
});

export const carryOutInput = z.strictObject({
  ...plan,
  note: z.string().trim().max(1000).optional(),
  /** From the dry run: the handover is refused where it would come out otherwise now. */
  token: z.string().regex(/^[0-9a-f]{64}$/)
});

export const handoverListInput = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

export const handoverByIdInput = z.strictObject({
  id,
  part: z.enum(HANDOVER_PARTS).optional(),
  /** Only what an undo could not give back. */
  kept: z.boolean().optional(),
  cursor: z.string().max(200).optional()
});

export const undoHandoverInput = z.strictObject({ id });

export const deactivateInput = z.strictObject({
  /** Who leaves, as he was seen. */
  id,
  version: z.number().int().positive(),
  /** Who heads his teams from now on. */
  headId: id.optional(),
  /** Who takes over all he holds; nobody where he holds nothing. */
  toIds: z.array(id).max(MOST_RECEIVERS),
  note: z.string().trim().max(1000).optional()
});

/** Who gives what to whom. */
export type HandoverPlan = Pick<z.infer<typeof carryOutInput>, 'fromId' | 'toIds' | 'parts' | 'picks'>;
export type CarryOutInput = z.infer<typeof carryOutInput>;
export type DeactivateInput = z.infer<typeof deactivateInput>;
export type HandoverPreviewInput = z.infer<typeof handoverPreviewInput>;
export type HandoverByIdInput = z.infer<typeof handoverByIdInput>;

export const noWork = (): WorkCounts => ({
  clients: 0,
  secondary: 0,
  contacts: 0,
  leads: 0,
  queries: 0,
  requests: 0
});
