import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';

export interface Subjects {
  productId?: number | null | undefined;
  queryId?: number | null | undefined;
  requestId?: number | null | undefined;
  leadId?: number | null | undefined;
}

/**
 * Everything named must be there, visible to the actor and, but for the product, of that client: else NotFound.
 * Queries, requests and leads stand above interactions, so their tables are named and not imported.
 */
export async function requireSubjects(
  tx: Tx,
  clientId: number,
  { productId, queryId, requestId, leadId }: Subjects
): Promise<void> {
  if (!productId && !queryId && !requestId && !leadId) return;
  const present = (id: number | null | undefined, table: string, more = sql``) =>
    sql`(${id ?? null}::bigint is null or exists (select 1 from ${sql.raw(table)} x where x.id = ${id ?? null} ${more}))`;
  const ofClient = sql`and x.client_id = ${clientId}`;
  const [row] = await tx.execute<{ found: boolean }>(sql`
    select ${present(productId, 'products')} and ${present(queryId, 'queries', ofClient)}
      and ${present(requestId, 'service_requests', ofClient)} and ${present(leadId, 'leads', ofClient)} as found`);
  if (!row?.found) throw new NotFound();
}
