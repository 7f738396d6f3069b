import { and, eq, sql } from 'drizzle-orm';
import { plainNumber } from '#lib/catalogue/model.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { clientFor } from '#lib/clients/reads.server.ts';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { misfitOf, type AddHoldingInput, type RemoveHoldingInput, type UpdateHoldingInput } from './model.ts';
import { holdingOf } from './reads.server.ts';
import { holdings } from './schema.server.ts';

type Holding = Awaited<ReturnType<typeof holdingOf>>;
type Named = Pick<AddHoldingInput, 'productId' | 'productName'>;

/**
 * Adds a holding to a client the actor may work on. NotFound for a hidden client, product or lead; RuleViolation when
 * the client is archived, it names no product or what it says does not fit together.
 */
export async function addHolding(tx: Tx, actor: Actor, input: AddHoldingInput): Promise<{ id: number }> {
  refuseArchived(await clientFor(tx, actor, input.clientId, 'holdings.create', 'work'));
  const product = await productOf(tx, input);
  if (input.leadId) await requireLead(tx, input.leadId);
  const terms = {
    mode: input.mode ?? null,
    startedOn: input.startedOn ?? null,
    instalment: input.instalment || null,
    instalmentDay: input.instalmentDay ?? null,
    status: 'active' as const,
    endedOn: null
  };
  requireFit(terms);
  const [row] = await tx
    .insert(holdings)
    .values({
      ...terms,
      ...product,
      clientId: input.clientId,
      kind: input.kind ?? 'investment',
      folio: input.folio || null,
      amount: input.amount || null,
      currency: input.currency ?? 'INR',
      units: input.units || null,
      serialNumbers: input.serialNumbers ?? [],
      leadId: input.leadId ?? null,
      createdById: actor.userId
    })
    .returning({ id: holdings.id });
  if (!row) throw new Error('The holding was not stored');
  return row;
}

/** The product, and its name as it is today, which the holding keeps. */
async function productOf(tx: Tx, { productId, productName }: Named) {
  if (productId) {
    const [product] = await tx
      .select({ productId: products.id, productName: products.name })
      .from(products)
      .where(eq(products.id, productId));
    if (!product) throw new NotFound();
    return product;
  }
  if (!productName) throw new RuleViolation('Name the product, or what it is', { field: 'productId' });
  return { productId: null, productName };
}

async function requireLead(tx: Tx, id: number): Promise<void> {
  // Leads stand above holdings, so the table is named and not imported.
  const [lead] = await tx.execute(sql`select 1 from leads where id = ${id}`);
  if (!lead) throw new NotFound();
}

function requireFit(terms: Parameters<typeof misfitOf>[0]): void {
  const misfit = misfitOf(terms);
  if (misfit) throw new RuleViolation(misfit.message, { field: misfit.field });
}

const CLEARABLE = ['folio', 'mode', 'amount', 'units', 'startedOn', 'instalment', 'instalmentDay'] as const;
const KEPT = ['kind', 'currency', 'status', 'serialNumbers'] as const;

/** The row as it is now, in the terms of the input: amounts as they are typed, a name only where no product gives it. */
const stale = (row: Holding) =>
  new Conflict(undefined, {
    current: {
      ...row,
      productName: row.productId === null ? row.productName : null,
      amount: plainNumber(row.amount),
      units: plainNumber(row.units),
      instalment: plainNumber(row.instalment)
    }
  });

/** Changes what is named; a version that is not the present one is a Conflict with the row as it is now. */
export async function updateHolding(tx: Tx, actor: Actor, input: UpdateHoldingInput) {
  const current = await holdingOf(tx, input.id);
  await clientFor(tx, actor, current.clientId, 'holdings.edit', 'work');
  if (current.version !== input.version) throw stale(current);
  const given = {
    ...Object.fromEntries(
      KEPT.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])
    ),
    ...Object.fromEntries(
      CLEARABLE.filter((name) => input[name] !== undefined).map((name) => [name, input[name] || null])
    )
  };
  const ended = { ...given, endedOn: await endOf(tx, current, input) };
  requireFit({ ...current, ...ended });
  const product = await newProduct(tx, current, input);
  const [changed] = await tx
    .update(holdings)
    .set({ ...ended, ...product, updatedAt: sql`now()`, version: sql`${holdings.version} + 1` })
    .where(and(eq(holdings.id, input.id), eq(holdings.version, input.version)))
    .returning({ id: holdings.id });
  const after = await holdingOf(tx, input.id);
  if (!changed) throw stale(after);
  return after;
}

/** When it ended: as it is said, else today once it is no longer active. */
async function endOf(tx: Tx, current: Holding, input: UpdateHoldingInput): Promise<string | null> {
  const status = input.status ?? current.status;
  const said = input.endedOn === undefined ? current.endedOn : input.endedOn;
  if (status === 'active') return input.endedOn ?? null;
  return said ?? (await today(tx));
}

async function today(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ today: string }>(
    sql`select (now() at time zone time_zone)::date::text as today from firm_settings`
  );
  if (!row) throw new Error('The firm has no settings');
  return row.today;
}

/** What else it names; a holding whose product stays keeps the name it had. */
async function newProduct(tx: Tx, current: Holding, { productId, productName }: UpdateHoldingInput) {
  if (productId === undefined && productName === undefined) return {};
  const wanted = { productId: productId === undefined ? current.productId : productId, productName };
  if (wanted.productId !== null && wanted.productId === current.productId) return {};
  return productOf(tx, { ...wanted, productName: productName ?? current.productName });
}

/** Deletes a holding that was entered by mistake. RuleViolation for one that something else names. */
export async function removeHolding(
  tx: Tx,
  actor: Actor,
  { id, version }: RemoveHoldingInput
): Promise<void> {
  const current = await holdingOf(tx, id);
  await clientFor(tx, actor, current.clientId, 'holdings.delete', 'work');
  const condition = and(eq(holdings.id, id), eq(holdings.version, version));
  try {
    const gone = await savepoint(tx, () =>
      tx.delete(holdings).where(condition).returning({ id: holdings.id })
    );
    if (gone.length === 0) throw stale(current);
  } catch (error) {
    if (databaseError(error)?.code !== '23503') throw error;
    throw new RuleViolation('Other records name this holding, so it cannot be deleted. Close it instead');
  }
}
