import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { unwrapped } from '#lib/platform/db/failures.server.ts';
import type { Lease, LeasePool } from '#lib/platform/db/leases.server.ts';
import { poolOf } from '#lib/platform/db/pools.server.ts';
import { INSTANT_TYPES, instantToWire } from '#lib/platform/db/types.server.ts';

/** An open transaction. Use the select builder and `sql`; `tx.transaction` is refused, see `savepoint`. */
export type Tx = PostgresJsDatabase<Record<string, never>>;

interface Opening {
  /** Refuses writes. */
  readOnly?: boolean;
  /** Every statement sees the rows as they were at the first; for reading many pages. */
  snapshot?: boolean;
}

const current = new AsyncLocalStorage<{ open: boolean }>();
const leases = new WeakMap<object, Lease>();
let savepoints = 0;

/** `begin`, role and identity as one message, which travels with the first statement. */
function prelude(role: string | null, userId: number | null, { readOnly, snapshot }: Opening): string {
  if (userId !== null && !Number.isSafeInteger(userId)) throw new Error('A user id must be a whole number');
  return [
    `begin${snapshot ? ' isolation level repeatable read' : ''}${readOnly ? ' read only' : ''}`,
    role && `set local role ${role}`,
    `select set_config('app.user_id', '${userId ?? ''}', true)`
  ]
    .filter(Boolean)
    .join('; ');
}

function refuseInside(): void {
  if (current.getStore()?.open) throw new Error('A transaction is open already: pass its tx on');
}

/** Drizzle over one lease. */
export function drizzleOn(lease: Lease): Tx {
  const tx = drizzle({
    client: lease.sql as unknown as Sql<Record<string, never>>,
    casing: 'snake_case'
  });
  for (const type of INSTANT_TYPES)
    lease.sql.options.serializers[type] = instantToWire as (value: unknown) => string;
  leases.set(tx, lease);
  return tx;
}

async function commit(lease: Lease): Promise<void> {
  const { command } = await lease.send('commit');
  if (command !== 'COMMIT') throw new Error(`Commit was answered with ${command}`);
}

async function rollback(lease: Lease): Promise<void> {
  try {
    if (lease.used) await lease.send('rollback');
    lease.release();
  } catch {
    lease.discard();
  }
}

/** A statement that failed spoils its transaction, also when the callback kept silent about it. */
async function settle(lease: Lease, readOnly: boolean | undefined): Promise<void> {
  if (lease.failure) throw lease.failure.error;
  if (!lease.used) return lease.release();
  const done = commit(lease).then(() => lease.release());
  // Nothing was written, so nobody need wait for the answer.
  if (readOnly) return void done.catch(() => lease.discard());
  await done;
}

/** Runs `work` in one transaction on a lease of `pool`. For the functions below and the drill. */
export async function transact<T>(
  pool: LeasePool,
  start: string,
  work: (tx: Tx) => Promise<T>,
  readOnly?: boolean
): Promise<T> {
  refuseInside();
  const lease = await pool.lease();
  lease.open(start);
  const scope = { open: true };
  try {
    const result = await current.run(scope, () => work(drizzleOn(lease)));
    lease.seal();
    await settle(lease, readOnly);
    return result;
  } catch (error) {
    lease.seal();
    await rollback(lease);
    throw unwrapped(error);
  } finally {
    scope.open = false;
  }
}

/**
 * Runs `work` in one transaction under the actor's identity; row level security decides which rows exist.
 * Rolls back when `work` throws or a statement failed. Throws inside another transaction.
 */
export function asActor<T>(
  actor: Pick<Actor, 'userId' | 'seesAll'>,
  work: (tx: Tx) => Promise<T>,
  options: Opening = {}
): Promise<T> {
  const role = actor.seesAll ? 'rapport_all' : 'rapport_scoped';
  return transact(poolOf('app'), prelude(role, actor.userId, options), work, options.readOnly);
}

/** For the sweep, intake and housekeeping: sees every row. `onBehalfOf` names the person in the audit. */
export function asSystem<T>(
  work: (tx: Tx) => Promise<T>,
  options: Opening & { onBehalfOf?: number } = {}
): Promise<T> {
  return transact(
    poolOf('system'),
    prelude(null, options.onBehalfOf ?? null, options),
    work,
    options.readOnly
  );
}

/** For sign-in, sessions, invitations and tokens: reads and writes credentials and nothing else. */
export function asGate<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return transact(poolOf('system'), prelude('rapport_gate', null, {}), work);
}

/**
 * For a look through the gate, which every request takes: each statement by itself, without the round of begin, role
 * and commit, on a connection that can only read.
 */
export async function readAtGate<T>(read: (tx: Tx) => Promise<T>): Promise<T> {
  refuseInside();
  const lease = await poolOf('gate').lease();
  try {
    return await read(drizzleOn(lease));
  } catch (error) {
    throw unwrapped(error);
  } finally {
    lease.release();
  }
}

/** Runs `work` so that its failure undoes only its own statements; the transaction may go on after it. */
export async function savepoint<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  const lease = leases.get(tx);
  if (!lease) throw new Error('Not an open transaction');
  const name = `s${++savepoints}`;
  const before = lease.failure;
  await lease.send(`savepoint ${name}`);
  try {
    const result = await work(tx);
    if (lease.failure && lease.failure !== before) throw lease.failure.error;
    await lease.send(`release savepoint ${name}`);
    return result;
  } catch (error) {
    await lease.send(`rollback to savepoint ${name}; release savepoint ${name}`);
    lease.recover(before);
    throw unwrapped(error);
  }
}

class Seen extends Error {
  readonly what: unknown;

  constructor(what: unknown) {
    super('Seen');
    this.what = what;
  }
}

/**
 * Looks at the firm under somebody else's identity, inside the transaction of whoever asks, who must be allowed to see
 * all of it. `arrange` may write what shall be so while looking, as whoever asks, and says as whom to look. Everything
 * is undone afterwards, which brings the role and the identity back too.
 */
export async function withEyesOf<T>(
  tx: Tx,
  arrange: (tx: Tx) => Promise<Pick<Actor, 'userId' | 'seesAll'>>,
  look: (tx: Tx) => Promise<T>
): Promise<T> {
  const seen = await savepoint(tx, async (inner) => {
    const { userId, seesAll } = await arrange(inner);
    if (!Number.isSafeInteger(userId)) throw new Error('A user id must be a whole number');
    await inner.execute(`set local role ${seesAll ? 'rapport_all' : 'rapport_scoped'}`);
    await inner.execute(`select set_config('app.user_id', '${userId}', true)`);
    throw new Seen(await look(inner));
  }).catch((outcome: unknown) => outcome);
  if (seen instanceof Seen) return seen.what as T;
  throw seen;
}

export { closeDatabase } from '#lib/platform/db/pools.server.ts';
