import { createHmac } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

/**
 * Whether `key` (32 bytes) is the one that this database was first started with; the first key is remembered by its
 * fingerprint. `systemUrl` is the address as `rapport_system`.
 */
export async function checkKey(systemUrl: string, key: Buffer): Promise<boolean> {
  const fingerprint = createHmac('sha256', key).update('rapport key check').digest('hex');
  const client = postgres(systemUrl, { max: 1, onnotice: () => undefined });
  try {
    const db = drizzle(client);
    await db.execute(
      sql`insert into key_checks (id, fingerprint) values (1, ${fingerprint}) on conflict do nothing`
    );
    const [row] = await db.execute<{ fingerprint: string }>(
      sql`select fingerprint from key_checks where id = 1`
    );
    return row?.fingerprint === fingerprint;
  } finally {
    await client.end({ timeout: 5 });
  }
}
