import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { reviseClocksOf } from './commands.server.ts';
import type { WorkKind } from './conversations.server.ts';
import { lockWork } from './open-clocks.server.ts';
import { followResponses } from './responses.server.ts';

/**
 * Brings the clocks of queries or of requests up to what was changed around them, by whomever: another team, the
 * client's tier or tags (another policy may hold), and what was said about them with the client. For the worker that
 * drains `clock_refresh`, as system; does nothing where nothing changed.
 */
export async function refreshWork(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  await lockWork(tx, kind, ids);
  await reviseClocksOf(tx, kind, ids);
  await followResponses(tx, kind, ids);
}
