import { z } from 'zod';

/** Procedures that take nothing refuse unknown keys all the same. */
export const emptyInput = z.strictObject({}).optional();
