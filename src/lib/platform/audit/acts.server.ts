import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** What left the firm as a file: of which list, narrowed how, and how many rows. */
export interface ExportAct {
  table: string;
  what: string;
  filter: Record<string, unknown>;
  rows: number;
}

/** Notes in the audit trail, in the actor's name, that he took a list away as a file. */
export async function recordExport(tx: Tx, { table, ...details }: ExportAct): Promise<void> {
  await tx.execute(sql`select app.record_act('export', ${table}, null, ${JSON.stringify(details)}::jsonb)`);
}

/** What happens at the gate. `user` is the account it was about; null where there is none. */
export async function recordAtGate(
  tx: Tx,
  act: 'sign_in' | 'sign_out' | 'sign_in_failed' | 'password',
  userId: number | null,
  details: { address?: string; by?: 'invitation' } = {}
): Promise<void> {
  await tx.execute(sql`select app.record_gate(${act}, ${userId}, ${JSON.stringify(details)}::jsonb)`);
}
