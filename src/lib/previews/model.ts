import { z } from 'zod';

const id = z.int().positive();

export const previewPersonInput = z.strictObject({ userId: id });

/** A role nobody holds yet: in a team, which somebody of a head's level heads. */
export const previewRoleInput = z.strictObject({ roleId: id, teamId: id.optional() });

/** Rows of each kind that are shown. */
export const SHOWN = 5;
/** Up to here they are counted. */
export const COUNTED = 10_000;
