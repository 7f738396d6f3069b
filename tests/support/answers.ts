import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { startClocks } from '#lib/clocks/commands.server.ts';
import type { TargetName } from '#lib/clocks/model.ts';
import { clocks } from '#lib/clocks/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintInteraction, mintQuery, mintRequest } from './records.ts';
import { firm } from './test-firm.ts';
import { at, clocksOf, drain, mintPolicy } from './work-clocks.ts';

/** Four hours for every response to a query or request and 80 for its resolution, before all other policies. */
export async function promiseAnswers(): Promise<void> {
  const targets: TargetName[] = ['first_response', 'next_response', 'resolution'];
  for (const kind of ['query', 'request'] as const)
    await mintPolicy({ key: kind, kind, hours: 4, hoursOf: { resolution: 80 }, targets });
}

/**
 * A query or a request that was opened on Monday the 16th at ten, under the promise of `promiseAnswers`, with what is
 * said about it at a wall time, and its clocks.
 */
export async function openWork(kind: 'query' | 'request' = 'query') {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id =
    kind === 'query'
      ? await mintQuery({ clientId, rmId: firm.rm.userId })
      : await mintRequest({ clientId, assigneeId: firm.ops.userId, teamId: firm.teams.ops });
  const subject = { kind, id, clientId, priority: 'normal' };
  await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
  const about = kind === 'query' ? { queryId: id } : { requestId: id };
  const said = (direction: 'inbound' | 'outbound', wall: string) =>
    mintInteraction({
      ...about,
      ...{ clientId, direction, occurredAt: at(wall), channel: 'email' },
      userId: firm.rm.userId,
      loggedById: firm.rm.userId
    });
  return {
    ...{ id, clientId, subject },
    they: (wall: string) => said('inbound', wall),
    we: (wall: string) => said('outbound', wall),
    clocks: (target: TargetName) => clocksOf(kind, id, target)
  };
}

/** When a query is known to have been answered. */
export const firstResponse = async (id: number) =>
  (await asSystem((tx) => tx.select().from(queries).where(eq(queries.id, id))))[0]?.firstRespondedAt;

/** All that is counted about the responses to a query: of every one that is not void. */
export const countedResponses = async (id: number) => ({
  firstResponse: await firstResponse(id),
  responses: await asSystem((tx) =>
    tx
      .select({
        target: clocks.target,
        state: clocks.state,
        startedAt: clocks.startedAt,
        endedAt: clocks.endedAt,
        minutesUsed: clocks.minutesUsed,
        minutesOurs: clocks.minutesOurs,
        // Of what is still owed the sweep notes it.
        breached: sql`case when ${clocks.endedAt} is not null then ${clocks.breachedAt} end`
      })
      .from(clocks)
      .where(
        and(
          eq(clocks.subjectKind, 'query'),
          eq(clocks.subjectId, id),
          inArray(clocks.target, ['first_response', 'next_response']),
          ne(clocks.state, 'cancelled')
        )
      )
      .orderBy(clocks.startedAt, clocks.target)
  )
});

/** An interaction is deleted, and the worker follows. */
export async function unsay(id: number) {
  await callerFor(firm.admin).interactions.delete({ id });
  await drain();
}

/** What a clock has that is owed again. */
export const running = { state: 'running', endedAt: null, minutesUsed: null, answeredById: null };
