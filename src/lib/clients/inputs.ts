import { z } from 'zod';

const id = z.number().int().positive();
const version = z.number().int().min(1);
const tag = z.string().trim().min(1).max(50);
/** As many as a page of a list holds. */
const ids = z.array(id).min(1).max(100);

/** Who looks after the clients from now on; a field left out stays as it is. */
export const assignClientInput = z.strictObject({
  id: id.optional(),
  ids: ids.optional(),
  version: version.optional(),
  primaryRmId: id.optional(),
  secondaryRmId: id.nullish()
});

export const archiveClientInput = z.strictObject({ id, version });
export const deleteClientInput = z.strictObject({ id, version });

/** When, how and by whom the client is spoken to next; without a day nothing is planned any more. */
export const planContactInput = z.strictObject({
  id,
  version: version.optional(),
  on: z.iso.date().nullable(),
  channel: z.string().trim().max(20).nullish(),
  byId: id.nullish()
});

export const setTagsInput = z.strictObject({ clientId: id, tags: z.array(tag).max(50) });
export const addTagInput = z.strictObject({ ids, tag });
export const tagsInUseInput = z.strictObject({
  q: z.string().trim().max(50).optional(),
  limit: z.number().int().min(1).max(200).optional()
});

export const historyInput = z.strictObject({
  clientId: id,
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});

/** Facts of which the one to keep may take the other's. */
export const MERGED_FACTS = [
  'name',
  'kind',
  'organisation',
  'type',
  'tier',
  'pan',
  'accountId',
  'language',
  'primaryRmId',
  'secondaryRmId',
  'reviewEveryMonths',
  'nextReviewOn',
  'nextContactOn'
] as const;
export type MergedFact = (typeof MERGED_FACTS)[number];

export const compareClientsInput = z.strictObject({ id, otherId: id });
export const mergeClientsInput = z.strictObject({
  id,
  version,
  /** The one that goes. */
  otherId: id,
  otherVersion: version,
  /** Facts taken from the one that goes. */
  take: z.array(z.enum(MERGED_FACTS)).max(MERGED_FACTS.length).optional()
});

export type AssignClientInput = z.input<typeof assignClientInput>;
export type PlanContactInput = z.input<typeof planContactInput>;
export type MergeClientsInput = z.input<typeof mergeClientsInput>;
