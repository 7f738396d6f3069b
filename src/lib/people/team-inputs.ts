import { z } from 'zod';
import { TEAM_FUNCTIONS } from './model.ts';

const id = z.int().positive();
const version = z.int().positive();

const team = {
  name: z.string().trim().min(1, 'Write a name').max(80),
  function: z.enum(TEAM_FUNCTIONS),
  headId: id.nullable(),
  region: z.string().trim().max(80).nullable()
};

export const teamInput = z.strictObject({ id });
export const createTeamInput = z.strictObject(team);
export const updateTeamInput = z.strictObject({ id, version, ...team });
export const removeTeamInput = z.strictObject({ id, version });
export const memberInput = z.strictObject({ teamId: id, userId: id });
export const addMemberForm = z.strictObject({ userId: id });

export type CreateTeamInput = z.output<typeof createTeamInput>;
export type UpdateTeamInput = z.output<typeof updateTeamInput>;
