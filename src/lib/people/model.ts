import { z } from 'zod';
import type { Level } from '#lib/platform/auth/permissions.ts';

export const LEVEL_NAMES: Record<Level, string> = { 0: 'Administrator', 1: 'Head', 2: 'Executive' };
export const TEAM_FUNCTIONS = ['rm', 'ops'] as const;
export const FUNCTION_NAMES: Record<(typeof TEAM_FUNCTIONS)[number], string> = {
  rm: 'Relationship management',
  ops: 'Operations'
};

export const peopleOptionsInput = z.strictObject({
  q: z.string().trim().max(100).optional(),
  function: z.enum(TEAM_FUNCTIONS).optional(),
  /** Only the people whose records the asker sees: those he may hand work to. */
  mine: z.boolean().optional()
});

export const listTeamsInput = z.strictObject({
  filter: z.strictObject({ function: z.enum(TEAM_FUNCTIONS).optional() }).optional(),
  cursor: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(100).optional()
});
