import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { reviseClocksOf } from './commands.server.ts';
import { readConversations, type WorkKind } from './conversations.server.ts';
import type { Exchange } from './exchanges.ts';
import { addResponses } from './new-responses.server.ts';
import { writeResponses } from './response-writes.server.ts';
import { reconcile, type ResponseClock } from './responses.ts';
import { jsonRows } from './rows.server.ts';

/**
 * Brings the clocks of responses to queries or to requests (locked by the caller) to what was said about them with
 * their clients and what was done, in whichever order that was noted, see `exchangesOf`. A clock of the same question
 * keeps what was carried out on it. Does nothing where nothing is otherwise.
 */
export async function followResponses(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  const conversations = await readConversations(tx, kind, ids);
  const clocks = Map.groupBy(await lockResponses(tx, kind, ids), ({ subjectId }) => subjectId);
  const found = [...conversations].map(([id, each]) => ({ id, ...reconcile(each, clocks.get(id) ?? []) }));
  const added = await addResponses(
    tx,
    kind,
    new Map(
      found.flatMap(({ id, unpromised }): [number, Exchange[]][] =>
        unpromised.length > 0 ? [[id, unpromised]] : []
      )
    )
  );
  const wanted = [...found.flatMap((each) => each.wanted), ...added];
  const groundless = found.flatMap((each) => each.groundless);
  if (wanted.length + groundless.length === 0) return;
  await writeResponses(tx, kind, wanted, groundless);
  // What is owed again may be promised no longer.
  await reviseClocksOf(tx, kind, ids);
}

type ResponseRow = Omit<ResponseClock, 'startedAt' | 'endedAt'> & {
  startedAt: string;
  endedAt: string | null;
};

/** In the order in which they began; those that run locked until the end of the transaction. */
async function lockResponses(tx: Tx, kind: WorkKind, ids: number[]): Promise<ResponseClock[]> {
  const mine = sql`k.subject_kind = ${kind} and k.subject_id = any (${idArray(ids)})
    and k.target in ('first_response', 'next_response')`;
  await tx.execute(
    sql`select from clocks k where ${mine} and k.state in ('running', 'paused') order by k.id for update`
  );
  const rows = await jsonRows<ResponseRow>(
    tx,
    sql`select json_build_object('id', k.id, 'subjectId', k.subject_id, 'target', k.target, 'state', k.state,
        'lapsed', k.lapsed, 'askedById', k.asked_by_id, 'answeredById', k.answered_by_id,
        'startedAt', k.started_at, 'endedAt', k.ended_at) as row
      from clocks k where ${mine} order by k.started_at, k.id`
  );
  return rows.map((row) => ({
    ...row,
    startedAt: new Date(row.startedAt),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt)
  }));
}
