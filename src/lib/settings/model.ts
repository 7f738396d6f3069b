import { z } from 'zod';

export const LISTS = ['denial_reason', 'client_type', 'client_tier', 'product_category'] as const;
export type ListName = (typeof LISTS)[number];

export const listsInput = z.strictObject({}).optional();

export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type LogoType = (typeof LOGO_TYPES)[number];
