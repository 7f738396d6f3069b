import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { endClocks } from './clock-writes.server.ts';
import type { WorkKind } from './conversations.server.ts';
import { lockClocks } from './open-clocks.server.ts';
import { runAgain } from './refresh-undo.server.ts';
import { isOpen, type ResponseClock, type Wanted } from './responses.ts';
import { beginSegments, cutSegments, runOn } from './segments.server.ts';

/** Makes response clocks (locked by the caller) what they are to be, and those of no question void. */
export async function writeResponses(
  tx: Tx,
  kind: WorkKind,
  wanted: Wanted[],
  groundless: ResponseClock[]
): Promise<void> {
  await makeVoid(tx, groundless);
  await begin(tx, wanted);
  const alive = wanted.filter(({ clock }) => !clock.lapsed);
  await giveHands(tx, alive);
  await end(tx, alive);
  const owed = alive.filter((each) => each.end === null).map(({ clock }) => clock);
  await runAgain(tx, kind, owed, []);
  await noteFirstResponses(tx, kind, alive);
  await inOrder(tx, kind, [
    ...wanted.map(({ clock }) => clock.subjectId),
    ...groundless.map(({ subjectId }) => subjectId)
  ]);
}

async function makeVoid(tx: Tx, groundless: ResponseClock[]): Promise<void> {
  const idsOf = (clocks: ResponseClock[]) => clocks.map(({ id }) => id);
  const running = groundless.filter(isOpen);
  if (running.length > 0) await endClocks(tx, await lockClocks(tx, idsOf(running)), 'cancelled');
  const kept = idsOf(groundless.filter((clock) => !isOpen(clock)));
  if (kept.length === 0) return;
  await tx.execute(sql`
    update clocks set state = 'cancelled', answered_by_id = null, updated_at = now()
    where id = any (${idArray(kept)})`);
}

/** Whoever ends a clock says whether it was late; one that is owed is planned anew. */
async function begin(tx: Tx, wanted: Wanted[]): Promise<void> {
  const rows = wanted.flatMap(({ clock, startedAt, askedById, end }) =>
    isMoved({ clock, startedAt }) || clock.askedById !== askedById
      ? [{ id: clock.id, at: startedAt, asked_by_id: askedById, is_over: end !== null }]
      : []
  );
  if (rows.length === 0) return;
  await tx.execute(sql`
    update clocks k set started_at = w.at, asked_by_id = w.asked_by_id,
      breached_at = case when not w.is_over then k.breached_at end
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(
      id bigint, at timestamptz, asked_by_id bigint, is_over boolean)
    where k.id = w.id`);
}

const isMoved = ({ clock, startedAt }: Pick<Wanted, 'clock' | 'startedAt'>) =>
  clock.startedAt.getTime() !== startedAt.getTime();

/** Through which hands the work went from the question to the answer; the last segment is open then. */
async function giveHands(tx: Tx, wanted: Wanted[]): Promise<void> {
  const isAnew = (each: Wanted) => each.clock.state === 'cancelled' || isMoved(each);
  await beginSegments(
    tx,
    wanted
      .filter(isAnew)
      .map(({ clock, startedAt, end }) => ({ id: clock.id, from: startedAt, until: end?.at }))
  );
  const others = wanted
    .filter((each) => !isAnew(each))
    .map(({ clock, end }) => ({ ...clock, until: end?.at }));
  await cutSegments(
    tx,
    others.flatMap(({ id, endedAt, until }) =>
      until && !(endedAt && until > endedAt) ? [{ id, until }] : []
    )
  );
  await runOn(
    tx,
    others.flatMap(({ id, endedAt, until }) =>
      endedAt && !(until && until <= endedAt) ? [{ id, endedAt, until }] : []
    )
  );
}

async function end(tx: Tx, wanted: Wanted[]): Promise<void> {
  const endings = new Map(wanted.flatMap((each) => (each.end ? [[each.clock.id, each.end] as const] : [])));
  if (endings.size === 0) return;
  const clocks = await lockClocks(tx, [...endings.keys()]);
  for (const state of ['satisfied', 'cancelled'] as const) {
    const these = clocks.filter(({ id }) => endings.get(id)?.state === state);
    await endClocks(tx, these, state, ({ id, now }) => endings.get(id) ?? { at: now });
  }
}

/** As far as what was noted as the first response of a query was what kept its clock. */
async function noteFirstResponses(tx: Tx, kind: WorkKind, wanted: Wanted[]): Promise<void> {
  const rows = wanted.flatMap(({ clock, end }) =>
    clock.target === 'first_response'
      ? [
          {
            id: clock.subjectId,
            from: clock.startedAt,
            to: clock.endedAt,
            at: end?.state === 'satisfied' ? end.at : null
          }
        ]
      : []
  );
  if (kind !== 'query' || rows.length === 0) return;
  await tx.execute(sql`
    update queries q set first_responded_at = w.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(
      id bigint, "from" timestamptz, "to" timestamptz, at timestamptz)
    where q.id = w.id and (q.first_responded_at is null
      or date_trunc('milliseconds', q.first_responded_at) between date_trunc('minute', w."from") and w."to")`);
}

/** Rounds follow the order in which they began, whichever was noted first. */
async function inOrder(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  const moved = await tx.execute<{ id: number }>(sql`
    update clocks k set round = -o.round from (
      select id, row_number() over (partition by subject_id order by started_at, id) as round from clocks
      where subject_kind = ${kind} and subject_id = any (${idArray([...new Set(ids)])}) and target = 'next_response') o
    where k.id = o.id and k.round <> o.round
    returning k.id::int8 as id`);
  if (moved.length === 0) return;
  await tx.execute(sql`
    update clocks set round = -round where id = any (${idArray([...moved].map(({ id }) => Number(id)))})`);
}
