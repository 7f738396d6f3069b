import { and, eq, sql } from 'drizzle-orm';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import {
  plainNumber,
  productKey,
  type CreateProductInput,
  type RemoveProductInput,
  type UpdateProductInput
} from './model.ts';
import { productOf } from './reads.server.ts';
import { products } from './schema.server.ts';

type Values = Partial<typeof products.$inferInsert>;

/** Adds a product. RuleViolation when name, SKU or scheme code is taken or the category is none of the list. */
export async function createProduct(tx: Tx, input: CreateProductInput) {
  if (input.category) await requireCategory(tx, input.category);
  const values = { ...valuesOf(input), name: input.name, nameKey: keyOf(input.name) };
  const [row] = await whenFree(tx, () => tx.insert(products).values(values).returning({ id: products.id }));
  if (!row) throw new Error('The product was not stored');
  return productOf(tx, row.id);
}

/** The row as it is now, its amounts as they are typed. */
const stale = (row: Awaited<ReturnType<typeof productOf>>) =>
  new Conflict(undefined, { current: { ...row, price: plainNumber(row.price), nav: plainNumber(row.nav) } });

/** Changes what is named; a version that is not the present one is a Conflict with the row as it is now. */
export async function updateProduct(tx: Tx, input: UpdateProductInput) {
  const { id, version, ...fields } = input;
  const current = await productOf(tx, id);
  if (fields.category && fields.category !== current.category) await requireCategory(tx, fields.category);
  const values = { ...valuesOf(fields), ...(fields.name && { nameKey: keyOf(fields.name) }) };
  const changed = await whenFree(tx, () =>
    tx
      .update(products)
      .set({ ...values, updatedAt: sql`now()`, version: sql`${products.version} + 1` })
      .where(and(eq(products.id, id), eq(products.version, version)))
      .returning({ id: products.id })
  );
  if (changed.length === 0) throw stale(await productOf(tx, id));
  return productOf(tx, id);
}

/** Deletes a product that nothing names. RuleViolation for one in use, whoever's the record is that names it. */
export async function removeProduct(tx: Tx, { id, version }: RemoveProductInput): Promise<void> {
  const current = await productOf(tx, id);
  const condition = and(eq(products.id, id), eq(products.version, version));
  try {
    const gone = await savepoint(tx, () =>
      tx.delete(products).where(condition).returning({ id: products.id })
    );
    if (gone.length === 0) throw stale(current);
  } catch (error) {
    if (databaseError(error)?.code !== '23503') throw error;
    throw new RuleViolation(
      'This product is in use, so it cannot be deleted. Deactivate it: then it is no longer offered'
    );
  }
}

// Settings stand above the catalogue, so their table is named and not imported.
async function requireCategory(tx: Tx, key: string): Promise<void> {
  const [item] = await tx.execute(
    sql`select 1 from list_items where list = 'product_category' and key = ${key} and active`
  );
  if (!item) throw new RuleViolation('Choose a category of the list', { field: 'category' });
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
