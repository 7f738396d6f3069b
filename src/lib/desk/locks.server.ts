import { eq } from 'drizzle-orm';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound } from '#lib/platform/errors.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { queryById } from './query-reads.server.ts';
import { requestById } from './request-reads.server.ts';
import { mayOnQuery, mayOnRequest } from './rules.ts';
import { queries, serviceRequests } from './schema.server.ts';

interface Target {
  id: number;
  version?: number | undefined;
}

const people = {
  primaryRmId: clients.primaryRmId,
  secondaryRmId: clients.secondaryRmId,
  clientLifecycle: clients.lifecycle
};

async function readQuery(tx: Tx, id: number, lock: boolean) {
  const statement = tx
    .select({ query: queries, ...people })
    .from(queries)
    .leftJoin(clients, eq(clients.id, queries.clientId))
    .where(eq(queries.id, id));
  const [row] = await (lock ? statement.for('update', { of: queries }) : statement);
  return (
    row && {
      ...row.query,
      primaryRmId: row.primaryRmId,
      secondaryRmId: row.secondaryRmId,
      clientLifecycle: row.clientLifecycle
    }
  );
}

async function readRequest(tx: Tx, id: number, lock: boolean) {
  const statement = tx
    .select({ request: serviceRequests, ...people })
    .from(serviceRequests)
    .leftJoin(clients, eq(clients.id, serviceRequests.clientId))
    .where(eq(serviceRequests.id, id));
  const [row] = await (lock ? statement.for('update', { of: serviceRequests }) : statement);
  return (
    row && {
      ...row.request,
      primaryRmId: row.primaryRmId,
      secondaryRmId: row.secondaryRmId,
      clientLifecycle: row.clientLifecycle
    }
  );
}

export type LockedQuery = NonNullable<Awaited<ReturnType<typeof readQuery>>>;
export type LockedRequest = NonNullable<Awaited<ReturnType<typeof readRequest>>>;

/**
 * The query, locked until the transaction ends. NotFound where the actor does not see it, Forbidden where his
 * grant does not reach it, Conflict where it is no longer the version he saw.
 */
export async function lockQuery(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  { id, version }: Target
): Promise<LockedQuery> {
  const row = await readQuery(tx, id, true);
  if (!row) throw (await readQuery(tx, id, false)) ? new Forbidden() : new NotFound();
  if (!mayOnQuery(actor, permission, row)) throw new Forbidden();
  if (version !== undefined && version !== row.version) {
    throw new Conflict(undefined, { current: await queryById(tx, actor, id) });
  }
  return row;
}

/** The request, locked until the transaction ends; throws as `lockQuery`. */
export async function lockRequest(
  tx: Tx,
  actor: Actor,
  permission: Permission,
  { id, version }: Target
): Promise<LockedRequest> {
  const row = await readRequest(tx, id, true);
  if (!row) throw (await readRequest(tx, id, false)) ? new Forbidden() : new NotFound();
  if (!mayOnRequest(actor, permission, row)) throw new Forbidden();
  if (version !== undefined && version !== row.version) {
    throw new Conflict(undefined, { current: await requestById(tx, actor, id) });
  }
  return row;
}
