import { sql } from 'drizzle-orm';
import { clientFor, reaches } from '#lib/clients/reads.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { LinkableInput, LinkKind } from './model.ts';

/** What the form for a conversation with this client says besides its fields. */
export async function logContext(tx: Tx, actor: Actor, clientId: number) {
  const client = await clientFor(tx, actor, clientId, 'interactions.create', 'work');
  const { id, name, number, panLast4, panExemptReason, accountId } = client;
  return {
    client: { id, name, number },
    /** What new business will ask for and is not there yet. */
    missing: { pan: panLast4 === null && panExemptReason === null, accountId: accountId === null },
    canComplete: reaches(actor, 'clients.edit', client, 'book')
  };
}

export interface Linkable extends Record<string, unknown> {
  id: number;
  number: string;
  name: string;
  status: string;
}

const MOST = 20;

// Named and not imported: these stand above interactions.
const SOURCES: Record<LinkKind, { from: string; name: string; open: string }> = {
  query: { from: 'queries x', name: 'x.subject', open: `x.status in ('open', 'in_progress')` },
  request: {
    from: 'service_requests x join request_types k on k.id = x.type_id',
    name: 'k.name',
    open: `x.status in ('pending', 'in_progress')`
  },
  lead: { from: 'leads x', name: 'x.name', open: `x.status in ('new', 'wip')` }
};

/** The client's queries, requests or leads that the actor sees, by number and words: open ones first, then the newest. */
export async function linkable(
  tx: Tx,
  actor: Actor,
  { clientId, kind, q = '' }: LinkableInput
): Promise<Linkable[]> {
  await clientFor(tx, actor, clientId, 'interactions.create', 'work');
  const { from, name, open } = SOURCES[kind];
  const title = sql.raw(name);
  const rows = await tx.execute<Linkable>(sql`
    select x.id, x.number, ${title} as name, x.status from ${sql.raw(from)}
    where x.client_id = ${clientId} and strpos(lower(x.number || ' ' || ${title}), lower(${q})) > 0
    order by (${sql.raw(open)}) desc, x.id desc limit ${MOST}`);
  return [...rows];
}
