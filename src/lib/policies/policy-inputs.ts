import { z } from 'zod';
import { STEP_ACTIONS, SUBJECT_KINDS, TARGET_UNITS, TARGETS, TELL } from '#lib/clocks/model.ts';

const id = z.int().positive();
const version = z.int().positive();
/** Says what would move, and changes nothing. */
const dryRun = z.boolean().optional();
const name = z.string().trim().min(1, 'Please give it a name').max(100);
const text = z.string().trim().max(100);

/** Which work it is for; null matches any. */
const match = {
  requestTypeId: id.nullish(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']).nullish(),
  /** Key of the list of tiers. */
  clientTier: text.nullish(),
  clientTag: text.nullish(),
  /** The team the work is with. */
  teamId: id.nullish()
};

/** In what a length is given; working hours are kept as minutes. */
const ENTERED_UNITS = ['working_hours', ...TARGET_UNITS] as const;

/** A promise; one without an amount is none. */
const targetRow = z.strictObject({
  target: z.enum(TARGETS),
  amount: z.number().optional(),
  unit: z.enum(ENTERED_UNITS)
});

const STEP_TIMES = ['percent', 'after_minutes', 'after_hours', 'days_before'] as const;

/** A step of the ladder; one that tells nobody is a line that was left empty. */
const stepRow = z.strictObject({
  target: z.enum(TARGETS),
  /** Of a step that is there already: it stays the same step, and is not carried out again. */
  key: text.optional(),
  /** `percent` of the target; working time after the breach; calendar days before the due date. */
  when: z.enum(STEP_TIMES),
  amount: z.number().optional(),
  tell: z.enum(TELL).optional(),
  tellUserId: id.nullish(),
  does: z.array(z.enum(STEP_ACTIONS))
});

const terms = {
  calendarId: id,
  pausesClient: z.boolean(),
  pausesThirdParty: z.boolean(),
  workingHoursOnly: z.boolean(),
  targets: z.array(targetRow).max(10),
  steps: z.array(stepRow).max(60)
};

export const emptyInput = z.strictObject({}).optional();
export const policyInput = z.strictObject({ id });
export const createPolicyInput = z.strictObject({
  subjectKind: z.enum(SUBJECT_KINDS),
  name,
  ...match,
  ...terms,
  dryRun
});
export const updatePolicyInput = z.strictObject({ id, version, name, ...match, ...terms, dryRun });
export const setActiveInput = z.strictObject({ id, version, active: z.boolean(), dryRun });
/** One place up (-1) or down (1) among those of its kind. */
export const movePolicyInput = z.strictObject({ id, by: z.union([z.literal(-1), z.literal(1)]), dryRun });
export const removePolicyInput = z.strictObject({ id, version });
export const tryPolicyInput = z.strictObject({ subjectKind: z.enum(SUBJECT_KINDS), ...match });

/** The forms of a policy's pages. */
export const newPolicyForm = createPolicyInput.omit({ dryRun: true });
export const editPolicyForm = updatePolicyInput.omit({ id: true, dryRun: true });

export type PolicyMatch = z.output<z.ZodObject<typeof match>>;
export type PolicyTermsInput = z.output<z.ZodObject<typeof terms>>;
export type CreatePolicyInput = z.output<typeof createPolicyInput>;
export type UpdatePolicyInput = z.output<typeof updatePolicyInput>;
export type TargetRow = z.output<typeof targetRow>;
export type EnteredUnit = TargetRow['unit'];
export type StepRow = z.output<typeof stepRow>;
