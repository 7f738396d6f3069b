import { sql } from 'drizzle-orm';
import { addContactPoint } from '#lib/clients/contact-points.server.ts';
import type { CreateClientInput, UpdateClientInput } from '#lib/clients/model.ts';
import { clientFor, type ClientFacts } from '#lib/clients/reads.server.ts';
import type { SentForReview } from '#lib/clients/review.server.ts';
import { updateClient } from '#lib/clients/update.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { ConvertLeadInput } from './inputs.ts';
import type { LockedLead } from './locks.server.ts';

export interface Filled {
  /** Fields that were empty and are filled now. */
  filled: string[];
  warnings: string[];
}

const FILLABLE = ['organisation', 'tier', 'accountId', 'language'] as const;

function emptyFacts(
  facts: ClientFacts,
  lead: LockedLead,
  input: ConvertLeadInput
): Partial<UpdateClientInput> {
  const offered: Partial<CreateClientInput> = { organisation: lead.organisation, ...input.client };
  const filled = FILLABLE.filter((name) => !facts[name] && offered[name]).map((name) => [
    name,
    offered[name]
  ]);
  const { pan, panHolder, guardianName } = offered;
  const tax = pan && !facts.panLast4 ? { pan, panHolder, guardianName, panExemptReason: null } : {};
  return { ...(Object.fromEntries(filled) as Partial<UpdateClientInput>), ...tax };
}

/** Fills what is empty on a client from the lead and from what was entered; what is there stays. */
export async function fillClient(
  tx: Tx,
  actor: Actor,
  lead: LockedLead,
  input: ConvertLeadInput,
  facts: ClientFacts
): Promise<Filled | SentForReview> {
  const empty = emptyFacts(facts, lead, input);
  const names = Object.keys(empty).filter((name) => empty[name as keyof typeof empty] !== undefined);
  const filled = names.filter((name) => !['panHolder', 'guardianName', 'panExemptReason'].includes(name));
  const warnings: string[] = [];
  if (filled.length > 0) {
    const updated = await updateClient(tx, actor, { ...empty, id: facts.id, version: facts.version });
    if (updated.outcome === 'sent_for_review') return updated;
    warnings.push(...updated.warnings);
  }
  const points = await fillContactPoints(tx, actor, facts.id, {
    email: input.client?.email ?? lead.email,
    phone: input.client?.phone ?? lead.phone
  });
  return { filled: [...filled, ...points], warnings };
}

async function fillContactPoints(
  tx: Tx,
  actor: Actor,
  clientId: number,
  offered: { email: string | null; phone: string | null }
): Promise<string[]> {
  await clientFor(tx, actor, clientId, 'clients.edit', 'book');
  const rows = await tx.execute<{ kind: string }>(
    sql`select distinct kind from client_contact_points where client_id = ${clientId}`
  );
  const present = new Set(rows.map(({ kind }) => kind));
  const added: string[] = [];
  for (const kind of ['email', 'phone'] as const) {
    const value = offered[kind];
    if (!value || present.has(kind)) continue;
    await addContactPoint(tx, actor, { clientId, kind, value, primary: true });
    added.push(kind);
  }
  return added;
}
