import { z } from 'zod';

export const LISTS = ['denial_reason', 'client_type', 'client_tier', 'product_category'] as const;
export type ListName = (typeof LISTS)[number];

/** Client types that the rules for PAN know by their key: they are renamed or deactivated, never deleted. */
export const FIXED_CLIENT_TYPES: ReadonlySet<string> = new Set([
  ...['individual', 'minor', 'huf', 'company', 'firm', 'aop', 'boi', 'trust'],
  ...['government', 'local_authority', 'artificial']
]);

export const listsInput = z.strictObject({}).optional();

export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type LogoType = (typeof LOGO_TYPES)[number];
