import { and, eq } from 'drizzle-orm';
import { tellRemark } from '#lib/notifications/remarks.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { AddressInput } from './model.ts';
import { clientFor } from './reads.server.ts';
import { clientAddresses } from './parts-schema.server.ts';
import { clientNotes } from './schema.server.ts';

/** A part of a client named by both ids, so that a part of another client is not found. */
export interface Part {
  clientId: number;
  id: number;
}

const addressAt = ({ clientId, id }: Part) =>
  and(eq(clientAddresses.clientId, clientId), eq(clientAddresses.id, id));

/** Throws NotFound when a statement touched no row. */
export function touched<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new NotFound();
  return row;
}

const addressValues = ({ label, lines, city, region, postalCode, country }: AddressInput) => ({
  label: label || null,
  lines: lines || null,
  city: city || null,
  region: region || null,
  postalCode: postalCode || null,
  country: country || null
});

export async function addAddress(tx: Tx, actor: Actor, input: AddressInput): Promise<{ id: number }> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'work');
  const rows = await tx
    .insert(clientAddresses)
    .values({ clientId: input.clientId, ...addressValues(input) })
    .returning({ id: clientAddresses.id });
  return touched(rows);
}

export async function updateAddress(tx: Tx, actor: Actor, input: AddressInput & Part): Promise<void> {
  await clientFor(tx, actor, input.clientId, 'clients.edit', 'work');
  const rows = await tx
    .update(clientAddresses)
    .set(addressValues(input))
    .where(addressAt(input))
    .returning({ id: clientAddresses.id });
  touched(rows);
}

export async function removeAddress(tx: Tx, actor: Actor, part: Part): Promise<void> {
  await clientFor(tx, actor, part.clientId, 'clients.edit', 'work');
  touched(await tx.delete(clientAddresses).where(addressAt(part)).returning({ id: clientAddresses.id }));
}

/** Notes are only ever added. The client's RM hears of it, and whoever wrote one before. */
export async function addNote(tx: Tx, actor: Actor, input: { clientId: number; body: string }) {
  const { clientId, body } = input;
  const client = await clientFor(tx, actor, clientId, 'clients.view', 'work');
  const before = await tx
    .selectDistinct({ id: clientNotes.authorId })
    .from(clientNotes)
    .where(eq(clientNotes.clientId, clientId));
  const rows = await tx
    .insert(clientNotes)
    .values({ clientId, authorId: actor.userId, body })
    .returning({ id: clientNotes.id, createdAt: clientNotes.createdAt });
  const note = touched(rows);
  await tellRemark(tx, actor, {
    subject: { kind: 'client', id: clientId },
    key: `note:${note.id}`,
    title: `${actor.name} wrote a note on ${client.name} (${client.number})`,
    body,
    concerned: [
      { userIds: [client.primaryRmId], reason: `You look after ${client.name}` },
      { userIds: before.map(({ id }) => id), reason: 'You wrote a note here before' }
    ]
  });
  return note;
}
