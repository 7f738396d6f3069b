import { z } from 'zod';

export const PRODUCT_KINDS = ['scheme', 'policy', 'deposit', 'device', 'part', 'repair', 'other'] as const;
export const SCHEME_TYPES = ['open', 'close', 'interval'] as const;

export type ProductKind = (typeof PRODUCT_KINDS)[number];
export type SchemeType = (typeof SCHEME_TYPES)[number];

export const PRODUCT_KIND_LABELS: Record<ProductKind, string> = {
  scheme: 'Fund scheme',
  policy: 'Insurance policy',
  deposit: 'Deposit or bond',
  device: 'Device',
  part: 'Part',
  repair: 'Repair',
  other: 'Other'
};
export const SCHEME_TYPE_LABELS: Record<SchemeType, string> = {
  open: 'Open-ended',
  close: 'Close-ended',
  interval: 'Interval'
};

const id = z.number().int().positive();
const optional = (most: number) => z.string().trim().max(most).nullish();

const fields = {
  name: z.string().trim().min(1, 'Please give a name').max(300),
  sku: optional(50),
  category: optional(100),
  description: optional(5000),
  /** Money as text, so that nothing is rounded. */
  price: z
    .string()
    .trim()
    .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'A price looks like 1500 or 1500.50')
    .nullish(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency has three letters, like INR')
    .optional(),
  schemeCode: optional(50),
  isin: optional(12),
  active: z.boolean().optional()
};

export const createProductInput = z.strictObject(fields);

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateProductInput = z.strictObject({
  id,
  version: z.number().int().min(1),
  ...z.strictObject(fields).partial().shape
});

export const listProductsInput = z.strictObject({
  filter: z
    .strictObject({
      q: z.string().trim().max(100).optional(),
      category: z.string().max(100).optional(),
      active: z.boolean().optional()
    })
    .optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});
export const productIdInput = z.strictObject({ id });
export const searchProductsInput = z.strictObject({
  q: z.string().trim().max(100),
  limit: z.number().int().min(1).max(50).optional()
});

export type CreateProductInput = z.input<typeof createProductInput>;
export type UpdateProductInput = z.input<typeof updateProductInput>;
export type ListProductsInput = z.input<typeof listProductsInput>;

/** A name without case, spaces and punctuation: two products never share it. */
export const productKey = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
