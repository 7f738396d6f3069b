import { eq, sql } from 'drizzle-orm';
import { openPan } from '#lib/platform/crypto/pan.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { clientFor } from './reads.server.ts';
import { clients } from './schema.server.ts';

/** The whole PAN, for somebody who may see it; that he saw it is written to the audit. */
export async function revealPan(tx: Tx, actor: Actor, id: number): Promise<{ pan: string }> {
  await clientFor(tx, actor, id, 'clients.revealPan', 'work');
  const [row] = await tx
    .select({ panCipher: clients.panCipher, panRef: clients.panRef, panKeyVersion: clients.panKeyVersion })
    .from(clients)
    .where(eq(clients.id, id));
  if (!row?.panCipher) throw new RuleViolation('There is no PAN here');
  await tx.execute(sql`select app.record_reveal(${id})`);
  return { pan: openPan({ ...row, panCipher: row.panCipher }) };
}
