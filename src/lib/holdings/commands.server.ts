import { and, eq, sql } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { clientFor } from '#lib/clients/reads.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type { AddHoldingInput, UpdateHoldingInput } from './model.ts';
import { holdings } from './schema.server.ts';

/** Adds a holding to a client the actor may work on. NotFound for a hidden client, product or lead. */
export async function addHolding(tx: Tx, actor: Actor, input: AddHoldingInput): Promise<{ id: number }> {
  await clientFor(tx, actor, input.clientId, 'holdings.create', 'work');
  const productName = await nameOf(tx, input);
  if (input.leadId) await requireLead(tx, input.leadId);
  const [row] = await tx
    .insert(holdings)
    .values({
      clientId: input.clientId,
      kind: input.kind ?? 'investment',
      productId: input.productId ?? null,
      productName,
      folio: input.folio || null,
      mode: input.mode ?? null,
      amount: input.amount || null,
      currency: input.currency ?? 'INR',
      units: input.units || null,
      startedOn: input.startedOn ?? null,
      serialNumbers: input.serialNumbers ?? [],
      leadId: input.leadId ?? null,
      createdById: actor.userId
    })
    .returning({ id: holdings.id });
  if (!row) throw new Error('The holding was not stored');
  return row;
}

/** The product's name is kept as it is today. */
async function nameOf(tx: Tx, { productId, productName }: AddHoldingInput): Promise<string> {
  if (productId) {
    const [product] = await tx
      .select({ name: products.name })
      .from(products)
      .where(eq(products.id, productId));
    if (!product) throw new NotFound();
    return product.name;
  }
  if (!productName) throw new RuleViolation('Name the product, or what it is', { field: 'productId' });
  return productName;
}

async function requireLead(tx: Tx, id: number): Promise<void> {
  // Leads stand above holdings, so the table is named and not imported.
  const [lead] = await tx.execute(sql`select 1 from leads where id = ${id}`);
  if (!lead) throw new NotFound();
}

const CLEARABLE = ['folio', 'mode', 'amount', 'units', 'startedOn'] as const;
const KEPT = ['kind', 'currency', 'status', 'serialNumbers'] as const;

/** Changes what is named; a version that is not the present one is a Conflict with the row as it is now. */
export async function updateHolding(tx: Tx, actor: Actor, input: UpdateHoldingInput) {
  const current = await holdingOf(tx, input.id);
  await clientFor(tx, actor, current.clientId, 'holdings.edit', 'work');
  if (current.version !== input.version) throw new Conflict(undefined, { current });
  const values = {
    ...Object.fromEntries(
      KEPT.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])
    ),
    ...Object.fromEntries(
      CLEARABLE.filter((name) => input[name] !== undefined).map((name) => [name, input[name] || null])
    )
  };
  const [changed] = await tx
    .update(holdings)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${holdings.version} + 1` })
    .where(and(eq(holdings.id, input.id), eq(holdings.version, input.version)))
    .returning({ id: holdings.id });
  const after = await holdingOf(tx, input.id);
  if (!changed) throw new Conflict(undefined, { current: after });
  return after;
}

async function holdingOf(tx: Tx, id: number) {
  const [row] = await tx
    .select({
      id: holdings.id,
      clientId: holdings.clientId,
      kind: holdings.kind,
      productId: holdings.productId,
      productName: holdings.productName,
      folio: holdings.folio,
      mode: holdings.mode,
      amount: holdings.amount,
      currency: holdings.currency,
      units: holdings.units,
      startedOn: holdings.startedOn,
      status: holdings.status,
      serialNumbers: holdings.serialNumbers,
      version: holdings.version
    })
    .from(holdings)
    .where(eq(holdings.id, id));
  if (!row) throw new NotFound();
  return row;
}
