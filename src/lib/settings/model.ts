import { z } from 'zod';

export const LISTS = ['denial_reason', 'client_type', 'client_tier'] as const;
export type ListName = (typeof LISTS)[number];

export const listsInput = z.strictObject({}).optional();
