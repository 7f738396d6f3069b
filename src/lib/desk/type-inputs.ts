import { z } from 'zod';
import { FIELD_KINDS } from './field-kinds.ts';

const id = z.number().int().positive();
const named = (length: number, message: string) => z.string().trim().min(1, message).max(length);
const key = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'Small letters, digits and underscores, beginning with a letter');

const name = named(100, 'Please give it a name');
/** In working days. */
const tatDays = z.number().int().min(1, 'At least one working day').max(365, 'At most 365 working days');
const position = z.number().int().min(0).max(9999);
const checklist = z.array(named(200, 'Please say what is to be done')).max(50);
const label = named(100, 'Please give it a name');

export const requestFieldInput = z.strictObject({
  key,
  label,
  kind: z.enum(FIELD_KINDS),
  required: z.boolean()
});
const fields = z.array(requestFieldInput).max(30);

export const typeIdInput = z.strictObject({ id });

export const listTypesInput = z
  .strictObject({ filter: z.strictObject({ active: z.boolean().optional() }).optional() })
  .optional();

export const createTypeInput = z.strictObject({
  name,
  /** From the name when left out; it stays. */
  key: key.optional(),
  defaultTatDays: tatDays,
  /** A team of operations; any of them when null. */
  defaultTeamId: id.nullish(),
  /** Its place in the lists; last when left out. */
  position: position.optional(),
  checklist: checklist.optional(),
  fields: fields.optional()
});

export const updateTypeInput = z.strictObject({
  id,
  version: z.number().int().positive(),
  name: name.optional(),
  defaultTatDays: tatDays.optional(),
  defaultTeamId: id.nullish(),
  position: position.optional(),
  active: z.boolean().optional(),
  checklist: checklist.optional(),
  fields: fields.optional()
});

/** One place up (-1) or down (1) in the lists. */
export const moveTypeInput = z.strictObject({ id, by: z.union([z.literal(-1), z.literal(1)]) });

/** The forms of a type's pages: its facts, one step, one field. */
export const newTypeForm = createTypeInput.pick({
  name: true,
  key: true,
  defaultTatDays: true,
  defaultTeamId: true
});
export const editTypeForm = z.strictObject({
  id,
  version: z.number().int().positive(),
  name,
  defaultTatDays: tatDays,
  defaultTeamId: id.nullable(),
  position
});
export const stepInput = z.strictObject({ label: named(200, 'Please say what is to be done') });
export const fieldInput = requestFieldInput.omit({ key: true });
