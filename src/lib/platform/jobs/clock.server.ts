import { sql } from 'drizzle-orm';
import { asSystem } from '#lib/platform/db/transactions.server.ts';

/** Milliseconds that a machine's clock may differ from the database's: the queue's locks go by the machine's. */
const MOST_APART = 2_000;

/** How many milliseconds this machine's clock is ahead of the database's. */
export async function clockAhead(now: () => number = Date.now): Promise<number> {
  return asSystem(
    async (tx) => {
      // The first statement opens the connection; only the second one's way is short.
      await tx.execute(sql`select 1`);
      const asked = now();
      const [row] = await tx.execute<{ moment: number }>(
        sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as moment`
      );
      return (asked + now()) / 2 - Number(row?.moment);
    },
    { readOnly: true }
  );
}

/** Throws where this machine's clock and the database's are so far apart that jobs would be taken from live workers. */
export async function assertClockAgrees(now?: () => number): Promise<void> {
  const ahead = Math.round(await clockAhead(now));
  if (Math.abs(ahead) <= MOST_APART) return;
  const way = ahead > 0 ? 'ahead of' : 'behind';
  throw new Error(
    `This machine's clock is ${Math.abs(ahead)} ms ${way} the database's: set it before starting workers`
  );
}
