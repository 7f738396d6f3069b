import { and, eq, sql } from 'drizzle-orm';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import { productKey, type CreateProductInput, type UpdateProductInput } from './model.ts';
import { productOf } from './reads.server.ts';
import { products } from './schema.server.ts';

type Values = Partial<typeof products.$inferInsert>;

/** Adds a product. RuleViolation when name, SKU or scheme code is taken. */
export async function createProduct(tx: Tx, input: CreateProductInput) {
  const values = { ...valuesOf(input), name: input.name, nameKey: keyOf(input.name) };
  const [row] = await whenFree(tx, () => tx.insert(products).values(values).returning({ id: products.id }));
  if (!row) throw new Error('The product was not stored');
  return productOf(tx, row.id);
}

/** Changes what is named; a version that is not the present one is a Conflict with the row as it is now. */
export async function updateProduct(tx: Tx, input: UpdateProductInput) {
  const { id, version, ...fields } = input;
  const current = await productOf(tx, id);
  const values = { ...valuesOf(fields), ...(fields.name && { nameKey: keyOf(fields.name) }) };
  const changed = await whenFree(tx, () =>
    tx
      .update(products)
      .set({ ...values, updatedAt: sql`now()`, version: sql`${products.version} + 1` })
      .where(and(eq(products.id, id), eq(products.version, version)))
      .returning({ id: products.id })
  );
  if (changed.length === 0) throw new Conflict(undefined, { current });
  return productOf(tx, id);
}

function keyOf(name: string): string {
  const key = productKey(name);
  if (!key) throw new RuleViolation('A name needs a letter or a digit', { field: 'name' });
  return key;
}

const valuesOf = (fields: object): Values =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]: [string, unknown]) => [name, value === '' ? null : value])
  );

async function whenFree<T>(tx: Tx, write: () => Promise<T>): Promise<T> {
  try {
    return await savepoint(tx, write);
  } catch (error) {
    if (databaseError(error)?.code !== '23505') throw error;
    throw new RuleViolation('Another product has this name, SKU or scheme code');
  }
}
