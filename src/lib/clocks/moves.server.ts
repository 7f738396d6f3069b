import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { MoveReason } from './model.ts';
import { json } from './plan-rows.server.ts';
import { planClock } from './plan.ts';
import type { OpenClock } from './open-clocks.server.ts';

/** A clock as it was and as it is under what holds now. */
export interface Moved {
  before: OpenClock;
  after: OpenClock;
}

/** Whether it becomes due at another time; of a clock that stands still, whether it would if it went on now. */
export function hasMoved({ before, after }: Moved): boolean {
  const [was, is] = [before, after].map(({ terms, segments, now }) => planClock(terms, segments, [], now));
  const due = before.dueAt;
  if (due && is?.dueAt) return due.getTime() !== is.dueAt.getTime();
  return was?.dueIfResumedAt.getTime() !== is?.dueIfResumedAt.getTime();
}

/** What is told to those alone who see the client. */
const isOfClient = ({ what }: MoveReason) => what === 'tier' || what === 'tags';

/** Keeps why due times moved, each of another clock, for their explanation; `because` is what was changed. */
export async function noteMoves(tx: Tx, moves: (Moved & { because: MoveReason[] })[]): Promise<void> {
  if (moves.length === 0) return;
  const rows = moves.map(({ before, after, because }) => ({
    clock_id: after.id,
    from_version_id: before.policyVersionId,
    policy_version_id: after.policyVersionId,
    from_due_at: before.dueAt,
    due_at: planClock(after.terms, after.segments, [], after.now).dueAt,
    because: because.filter((reason) => !isOfClient(reason))
  }));
  const noted = await tx.execute<{ id: number; clockId: number }>(sql`
    insert into clock_moves (clock_id, from_version_id, policy_version_id, from_due_at, due_at, because)
    select clock_id, from_version_id, policy_version_id, from_due_at, due_at, because
    from jsonb_to_recordset(${json(rows)}::text::jsonb) as w(
      clock_id bigint, from_version_id bigint, policy_version_id bigint, from_due_at timestamptz,
      due_at timestamptz, because jsonb)
    returning id, clock_id as "clockId"`);
  const ids = new Map(noted.map(({ id, clockId }) => [clockId, id]));
  const ofClients = moves.flatMap(({ after, because }) => clientReasons(ids.get(after.id), because));
  if (ofClients.length === 0) return;
  await tx.execute(sql`
    insert into clock_move_client_reasons (move_id, others_before, reason)
    select move_id, others_before, reason
    from rows from (jsonb_to_recordset(${json(ofClients)}::text::jsonb) as (
      move_id bigint, others_before int, reason jsonb)) with ordinality w(move_id, others_before, reason, nth)
    order by nth`);
}

const clientReasons = (moveId: number | undefined, because: MoveReason[]) =>
  because.flatMap((reason, place) =>
    isOfClient(reason)
      ? [
          {
            move_id: moveId,
            others_before: because.slice(0, place).filter((other) => !isOfClient(other)).length,
            reason
          }
        ]
      : []
  );
