import { asc, eq, inArray, sql } from 'drizzle-orm';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound } from '#lib/platform/errors.ts';
import { clients } from './schema.server.ts';

/** The columns of a client that may leave the server: of the PAN the last four characters only. */
export const factColumns = {
  id: clients.id,
  number: clients.number,
  kind: clients.kind,
  name: clients.name,
  organisation: clients.organisation,
  type: clients.type,
  tier: clients.tier,
  lifecycle: clients.lifecycle,
  panLast4: clients.panLast4,
  panHolder: clients.panHolder,
  guardianName: clients.guardianName,
  panExemptReason: clients.panExemptReason,
  accountId: clients.accountId,
  primaryRmId: clients.primaryRmId,
  secondaryRmId: clients.secondaryRmId,
  language: clients.language,
  reviewEveryMonths: clients.reviewEveryMonths,
  nextReviewOn: clients.nextReviewOn,
  nextContactOn: clients.nextContactOn,
  nextContactChannel: clients.nextContactChannel,
  nextContactById: clients.nextContactById,
  lastContactAt: clients.lastContactAt,
  lastContactChannel: clients.lastContactChannel,
  lastContactById: clients.lastContactById,
  lastContactSummary: clients.lastContactSummary,
  createdAt: clients.createdAt,
  updatedAt: clients.updatedAt,
  version: clients.version
};

/** People through whose own work the actor reaches the client; work waiting in a team's queue is nobody's yet. */
export const workerIds = sql<
  number[]
>`array(select a.principal from client_access a where a.client_id = ${clients.id} and a.principal > 0 order by 1)`;

/** A client's facts with the people whose client or whose work it is. NotFound when hidden or missing. */
export async function clientOf(tx: Tx, id: number) {
  const [row] = await tx
    .select({ ...factColumns, workerIds })
    .from(clients)
    .where(eq(clients.id, id));
  if (!row) throw new NotFound();
  return row;
}

export type ClientFacts = Awaited<ReturnType<typeof clientOf>>;

/**
 * Whose client it must be for a grant to reach it: `book` means its points of contact, `work` also those who have
 * a query or a request of it.
 */
export type Reach = 'book' | 'work';

export function reaches(
  actor: Actor,
  permission: Permission,
  client: Pick<ClientFacts, 'primaryRmId' | 'secondaryRmId' | 'workerIds'>,
  reach: Reach
): boolean {
  const book = [client.primaryRmId, client.secondaryRmId];
  return inScope(actor, permission, { userIds: reach === 'book' ? book : [...book, ...client.workerIds] });
}

/** The client, for somebody who may do this to it: NotFound when he does not see it, Forbidden when he may not. */
export async function clientFor(
  tx: Tx,
  actor: Actor,
  id: number,
  permission: Permission,
  reach: Reach
): Promise<ClientFacts> {
  const client = await clientOf(tx, id);
  if (!reaches(actor, permission, client, reach)) throw new Forbidden();
  return client;
}

/** The same for many, in the order of their ids: NotFound when one is hidden, Forbidden when one is not his to change. */
export async function clientsFor(
  tx: Tx,
  actor: Actor,
  ids: number[],
  permission: Permission,
  reach: Reach
): Promise<ClientFacts[]> {
  const wanted = [...new Set(ids)];
  const rows = await tx
    .select({ ...factColumns, workerIds })
    .from(clients)
    .where(inArray(clients.id, wanted))
    .orderBy(asc(clients.id));
  if (rows.length < wanted.length) throw new NotFound();
  if (!rows.every((client) => reaches(actor, permission, client, reach))) throw new Forbidden();
  return rows;
}
