import { sql } from 'drizzle-orm';
import { sha256 } from '#lib/platform/auth/secrets.server.ts';
import { emailKey } from '#lib/platform/auth/model.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { TooManyAttempts } from '#lib/platform/errors.ts';

/** What attempts are counted by, and how many failures are let pass before the waiting begins. */
export interface Counter {
  key: string;
  limit: number;
}

const WINDOW_MS = 60 * 60_000;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;

/** Hashed, since people type their password into the field for the address. */
export const byAccount = (email: string): Counter => ({
  key: `account:${sha256(emailKey(email))}`,
  limit: 5
});

/** More lenient: a whole office may sit behind one address. */
export const byAddress = (address: string): Counter => ({ key: `address:${address}`, limit: 30 });

export const byUser = (userId: number): Counter => ({ key: `user:${userId}`, limit: 5 });

/**
 * Counts an attempt before it is made, so that many at the same moment do not slip through, and throws
 * TooManyAttempts while a counter is locked. Each failure past the limit doubles the lock.
 */
export async function countAttempt(tx: Tx, counters: Counter[], now = new Date()): Promise<void> {
  for (const counter of counters) {
    const admitted = await tx.execute(attempt(counter, now));
    if (admitted.length === 0) throw new TooManyAttempts();
  }
}

function attempt({ key, limit }: Counter, now: Date) {
  const at = sql`${now}::timestamptz`;
  const stale = sql`greatest(a.first_failed_at, a.locked_until) < ${new Date(now.getTime() - WINDOW_MS)}::timestamptz`;
  const failures = sql`case when ${stale} then 1 else a.failures + 1 end`;
  const seconds = sql`least(${LONGEST_LOCK_MS / 1000}::float8, ${FIRST_LOCK_MS / 1000} * power(2, least(${failures} - ${limit}::int, 20)))`;
  return sql`
    insert into login_attempts as a (key, failures, first_failed_at) values (${key}, 1, ${at})
    on conflict (key) do update set
      failures = ${failures},
      first_failed_at = case when ${stale} then ${at} else a.first_failed_at end,
      locked_until = case when ${failures} >= ${limit}::int then ${at} + make_interval(secs => ${seconds}) end
    where a.locked_until is null or a.locked_until <= ${at}
    returning 1`;
}

/** The attempt was right after all: the account starts afresh, the address is given its attempt back. */
export async function forgetAttempt(tx: Tx, account: Counter, address?: Counter): Promise<void> {
  await tx.execute(sql`delete from login_attempts where key = ${account.key}`);
  if (!address) return;
  await tx.execute(sql`
    update login_attempts set failures = greatest(failures - 1, 0),
      locked_until = case when failures - 1 >= ${address.limit}::int then locked_until end
    where key = ${address.key}`);
}
