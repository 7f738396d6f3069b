import { getConfig, type Config } from '#lib/platform/config.ts';
import { createLeasePool, type LeasePool, type LeasePoolOptions } from '#lib/platform/db/leases.server.ts';

const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;

const OPTIONS = {
  /** Work under a person's identity. */
  app: ({ databaseUrl, poolSize }: Config): LeasePoolOptions => ({
    url: databaseUrl,
    size: poolSize,
    name: 'rapport',
    settings: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS
    }
  }),
  /** The sweep, intake and housekeeping, and what the gate writes. */
  system: ({ databaseSystemUrl }: Config): LeasePoolOptions => ({
    url: databaseSystemUrl,
    size: 3,
    name: 'rapport system',
    settings: { idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS * 5 }
  }),
  /** The gate's reads, of which every request makes one: role and read-only are the connection's own. */
  gate: ({ databaseSystemUrl }: Config): LeasePoolOptions => ({
    url: databaseSystemUrl,
    size: 3,
    name: 'rapport gate',
    settings: {
      role: 'rapport_gate',
      default_transaction_read_only: 'on',
      statement_timeout: STATEMENT_TIMEOUT_MS
    }
  })
};

const pools = new Map<keyof typeof OPTIONS, LeasePool>();

/** The process's pool of that kind, opened when first asked for. */
export function poolOf(kind: keyof typeof OPTIONS): LeasePool {
  const open = pools.get(kind) ?? createLeasePool(OPTIONS[kind](getConfig()));
  pools.set(kind, open);
  return open;
}

/** Lets open transactions finish for up to `graceMs` and closes every connection. */
export async function closeDatabase(graceMs?: number): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  await Promise.all(open.map((pool) => pool.stop(graceMs)));
}
