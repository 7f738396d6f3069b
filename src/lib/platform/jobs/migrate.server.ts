import { createPostgresBackend } from 'bullmq';
import postgres from 'postgres';
import { QUEUE_SCHEMA } from './queues.server.ts';

/**
 * Brings BullMQ's tables up to date as the owner and grants them to the role the queue runs under.
 * Safe to repeat, and repeated on every migration: an upgrade of BullMQ adds tables and functions.
 */
export async function migrateQueue(ownerUrl: string, role = 'rapport_queue'): Promise<void> {
  const backend = createPostgresBackend('work', {
    connection: { connectionString: ownerUrl, schema: QUEUE_SCHEMA, migrate: true, max: 1 }
  });
  await backend.waitUntilReady().finally(() => backend.close());
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await owner.unsafe(grantsSql(role)).finally(() => owner.end());
}

function grantsSql(role: string): string {
  return `
    revoke all on schema ${QUEUE_SCHEMA} from public;
    grant usage on schema ${QUEUE_SCHEMA} to ${role};
    grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to ${role};
    grant usage, select, update on all sequences in schema ${QUEUE_SCHEMA} to ${role};
    grant execute on all functions in schema ${QUEUE_SCHEMA} to ${role};`;
}
