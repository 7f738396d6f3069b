import { z } from 'zod';
import { LANGUAGE_CODES } from './languages.ts';

const id = z.int().positive();
const version = z.int().positive();

export const personName = z.string().trim().min(1, 'Write a name').max(120);
const email = z.email('Write an address like name@example.com').trim().max(254);
const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[+\d][\d\s().-]{4,}$/, 'Write a number with its digits')
  .nullable();
const extension = z
  .string()
  .trim()
  .max(12)
  .regex(/^[\d*#]+$/, 'Digits, * and # only')
  .nullable();

/** Null for the firm's own zone. */
const timeZone = z
  .string()
  .max(60)
  .refine((zone) => isZone(zone), 'Choose a time zone of the list')
  .nullable();
const language = z.enum(LANGUAGE_CODES);

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

const person = {
  name: personName,
  email,
  phone,
  extension,
  roleId: id,
  teamIds: z.array(id).max(50),
  mainTeamId: id.nullable(),
  assessment: z.boolean(),
  timeZone,
  language
};

export const createPersonInput = z.strictObject(person);
export const updatePersonInput = z.strictObject({ id, version, ...person });

export const personInput = z.strictObject({ id });
export const versionedPersonInput = z.strictObject({ id, version });

/** `HH:MM` in the firm's time zone. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time like 08:30');

export const profileInput = z.strictObject({
  id,
  version,
  phone,
  extension,
  timeZone,
  language,
  digestAt: clockTime,
  /** Wants the digest of the morning. */
  digest: z.boolean(),
  /** Wants that of the week; goes by for who is no administrator. */
  weeklyDigest: z.boolean()
});

/** Of a profile what is about digests. */
export const digestsInput = profileInput.pick({
  ...{ id: true, version: true, digestAt: true, digest: true, weeklyDigest: true }
});

/** Leave from and to, both days included; both null takes it back. */
export const leaveInput = z
  .strictObject({
    id,
    version,
    leaveFrom: z.iso.date().nullable(),
    leaveTo: z.iso.date().nullable(),
    substituteId: id.nullable()
  })
  .refine(({ leaveFrom, leaveTo }) => (leaveFrom === null) === (leaveTo === null), {
    message: 'Give both days, or none',
    path: ['leaveTo']
  })
  .refine(({ leaveFrom, leaveTo }) => !leaveFrom || !leaveTo || leaveFrom <= leaveTo, {
    message: 'The last day is before the first',
    path: ['leaveTo']
  });

export const PEOPLE_SORTS = ['name', 'role', 'signIn'] as const;
export const ACCOUNT_FILTERS = ['active', 'invited', 'left'] as const;

export const listPeopleInput = z.strictObject({
  filter: z
    .strictObject({
      q: z.string().trim().max(100).optional(),
      teamId: id.optional(),
      roleId: id.optional(),
      level: z.int().min(0).max(2).optional(),
      active: z.boolean().optional(),
      /** `invited`: active, and without a password yet. Only those who look after users can tell. */
      state: z.enum(ACCOUNT_FILTERS).optional(),
      /** Only the people whose records the asker sees. */
      mine: z.boolean().optional()
    })
    .optional(),
  sort: z.strictObject({ by: z.enum(PEOPLE_SORTS), direction: z.enum(['asc', 'desc']) }).optional(),
  cursor: z.string().max(300).optional(),
  limit: z.int().min(1).max(100).optional()
});

export type CreatePersonInput = z.output<typeof createPersonInput>;
export type UpdatePersonInput = z.output<typeof updatePersonInput>;
export type ProfileInput = z.output<typeof profileInput>;
export type LeaveInput = z.output<typeof leaveInput>;
export type ListPeopleInput = z.output<typeof listPeopleInput>;
