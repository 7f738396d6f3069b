import { z } from 'zod';
import { withoutGroups } from '#lib/platform/amount.ts';
import { PRODUCT_KINDS, SCHEME_TYPES } from './kinds.ts';

export const PRODUCT_SORTS = ['name', 'fundHouse', 'nav', 'navOn', 'created'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

const id = z.number().int().positive();
const version = z.number().int().min(1);
const optional = (most: number) => z.string().trim().max(most).nullish();
const isin = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{0,12}$/, 'An ISIN has twelve letters and digits, like INF209K01LU2')
  .nullish();

const fields = {
  name: z.string().trim().min(1, 'Please give a name').max(300),
  kind: z.enum(PRODUCT_KINDS).optional(),
  sku: optional(50),
  /** A key of the managed list `product_category`. */
  category: optional(100),
  description: optional(5000),
  /** Money as text, so that nothing is rounded. */
  price: z
    .string()
    .trim()
    .overwrite(withoutGroups)
    .regex(/^(\d{1,14}(\.\d{1,2})?)?$/, 'A price looks like 1500 or 1500.50')
    .nullish(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency has three letters, like INR')
    .optional(),
  schemeCode: optional(50),
  isin,
  isinReinvestment: isin,
  fundHouse: optional(200),
  schemeType: z.enum(SCHEME_TYPES).nullish(),
  schemeCategory: optional(200),
  /** What one unit is worth, as text, to eight decimals. */
  nav: z
    .string()
    .trim()
    .regex(/^(\d{1,12}(\.\d{1,8})?)?$/, 'A net asset value looks like 24.1805')
    .nullish(),
  navOn: z.iso.date().nullish(),
  active: z.boolean().optional()
};

export const createProductInput = z.strictObject(fields);

/** Fields left out stay as they are; an empty text or null clears them. */
export const updateProductInput = z.strictObject({
  id,
  version,
  ...z.strictObject(fields).partial().shape
});

export const removeProductInput = z.strictObject({ id, version });

export const listProductsInput = z.strictObject({
  filter: z
    .strictObject({
      q: z.string().trim().max(100).optional(),
      kind: z.enum(PRODUCT_KINDS).optional(),
      /** A key of the managed list, or what a list of schemes calls it. */
      category: z.string().max(200).optional(),
      fundHouse: z.string().max(200).optional(),
      active: z.boolean().optional()
    })
    .optional(),
  sort: z
    .strictObject({ by: z.enum(PRODUCT_SORTS), direction: z.enum(['asc', 'desc']).optional() })
    .optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(100).optional()
});
export const productIdInput = z.strictObject({ id });
export const productChoicesInput = z.strictObject({}).optional();
export const searchProductsInput = z.strictObject({
  q: z.string().trim().max(100),
  limit: z.number().int().min(1).max(50).optional()
});

export type CreateProductInput = z.input<typeof createProductInput>;
export type UpdateProductInput = z.input<typeof updateProductInput>;
export type RemoveProductInput = z.input<typeof removeProductInput>;
export type ListProductsInput = z.input<typeof listProductsInput>;

/** A name without case, spaces and punctuation: two products that are no schemes never share it. */
export const productKey = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** As people type it: `24.18`, not `24.18000000`. */
export const plainNumber = (value: string | null) =>
  value?.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ?? null;
