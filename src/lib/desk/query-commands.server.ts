import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { colleague, mustReach } from '#lib/people/colleague.server.ts';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { resume, reviseClocks, satisfyClock, startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import { readSubject } from '#lib/clocks/subjects.server.ts';
import type {
  actInput,
  assignQueryInput,
  prioritiseInput,
  reasonInput,
  resolveQueryInput,
  updateQueryInput,
  waitInput
} from './inputs.ts';
import { addRemark } from './comment-commands.server.ts';
import { lockQuery } from './locks.server.ts';
import { queryStatusAfter, type QueryAction } from './model.ts';
import { blankToNull, targetsOf, type Changed, type Unversioned } from '#lib/platform/changes.ts';
import { QUERY_PERMISSIONS } from './rules.ts';
import { queries } from './schema.server.ts';
import { tellAssigned } from './telling.server.ts';
import { notWaiting, waitingCause, waitingFor } from './waiting.ts';

type Act = z.infer<typeof actInput>;
type Changes = Partial<typeof queries.$inferInsert>;

const now = sql`now()`;

const refOf = (id: number) => ({ kind: 'query' as const, id });

async function change(tx: Tx, id: number, changes: Record<string, unknown>): Promise<Changed> {
  const [row] = await tx
    .update(queries)
    .set({ ...(changes as Changes), updatedAt: now, version: sql`${queries.version} + 1` })
    .where(eq(queries.id, id))
    .returning({ id: queries.id, number: queries.number, status: queries.status, version: queries.version });
  if (!row) throw new NotFound();
  return row;
}

/** Locks the query for an action and says which status it leads to. */
async function begin(tx: Tx, actor: Actor, action: QueryAction, target: Act) {
  const query = await lockQuery(tx, actor, QUERY_PERMISSIONS[action], target);
  return { query, status: queryStatusAfter(action, query, actor) };
}

/** Changes what was asked; a new priority may bring a new promise. */
export async function updateQuery(
  tx: Tx,
  actor: Actor,
  input: Unversioned<z.infer<typeof updateQueryInput>>
): Promise<Changed> {
  const query = await lockQuery(tx, actor, 'queries.edit', input);
  if (query.status !== 'open' && query.status !== 'in_progress') {
    throw new RuleViolation(`${query.number} is finished, so it cannot be changed. Possible now: reopen.`);
  }
  const { id, subject, priority } = input;
  const changed = await change(tx, id, { subject, priority, details: blankToNull(input.details) });
  if (input.priority && input.priority !== query.priority) {
    await reviseClocks(tx, await readSubject(tx, refOf(id)));
  }
  return changed;
}

/** Gives many queries another priority. */
export async function prioritiseQueries(
  tx: Tx,
  actor: Actor,
  { ids, priority }: z.infer<typeof prioritiseInput>
): Promise<Changed[]> {
  const changed: Changed[] = [];
  for (const { id } of targetsOf({ ids })) changed.push(await updateQuery(tx, actor, { id, priority }));
  return changed;
}

async function assignOne(
  tx: Tx,
  actor: Actor,
  target: Act,
  rmId: number,
  teamId: number | null
): Promise<Changed> {
  const query = await lockQuery(tx, actor, 'queries.assign', target);
  if (query.status !== 'open' && query.status !== 'in_progress') {
    throw new RuleViolation(`${query.number} is finished. Possible now: reopen.`);
  }
  // First: whoever hands work to another team may not see it afterwards.
  if (teamId !== query.teamId)
    await reviseClocks(
      tx,
      { ...(await readSubject(tx, refOf(query.id))), teamId },
      { teamId: { from: query.teamId, to: teamId } }
    );
  const changed = await change(tx, query.id, { rmId, teamId });
  if (query.rmId !== rmId)
    await tellAssigned(tx, actor, { kind: 'query', ...query, ...changed, userId: rmId });
  return changed;
}

/** Hands queries, one or many, to another relationship manager. */
export async function assignQueries(
  tx: Tx,
  actor: Actor,
  { id, ids, version, rmId }: z.infer<typeof assignQueryInput>
): Promise<Changed[]> {
  const person = await colleague(tx, rmId);
  mustReach(actor, 'queries.assign', rmId);
  const changed: Changed[] = [];
  for (const target of targetsOf({ id, ids, version }))
    changed.push(await assignOne(tx, actor, target, rmId, person.mainTeamId));
  return changed;
}

/** Begins work: the first response is given. */
export async function startQuery(tx: Tx, actor: Actor, target: Act): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'start', target);
  await satisfyClock(tx, refOf(query.id), 'first_response');
  return change(tx, query.id, {
    status,
    rmId: query.rmId ?? actor.userId,
    startedAt: query.startedAt ?? now,
    firstRespondedAt: query.firstRespondedAt ?? now
  });
}

/** The query waits for the client, whose time is not counted, or for a third party, whose time is counted apart. */
export async function waitOnQuery(tx: Tx, actor: Actor, input: z.infer<typeof waitInput>): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'wait', input);
  await waitOn(tx, refOf(query.id), input.waitingOn, waitingCause(input));
  return change(tx, query.id, { status, ...waitingFor(input) });
}

export async function resumeQuery(tx: Tx, actor: Actor, target: Act): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'resume', target);
  await resume(tx, refOf(query.id));
  return change(tx, query.id, { status, ...notWaiting });
}

const KEPT_BY_RESOLVING = ['first_response', 'next_response', 'resolution'] as const;

/** Answers the question; an answer is a response too. */
export async function resolveQuery(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof resolveQueryInput>
): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'resolve', input);
  await satisfyClock(tx, refOf(query.id), KEPT_BY_RESOLVING);
  return change(tx, query.id, {
    status,
    ...notWaiting,
    resolution: input.resolution,
    rmId: query.rmId ?? actor.userId,
    startedAt: query.startedAt ?? now,
    firstRespondedAt: query.firstRespondedAt ?? now,
    resolvedAt: now
  });
}

export async function closeQuery(tx: Tx, actor: Actor, target: Act): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'close', target);
  return change(tx, query.id, { status, closedAt: now });
}

/** The answer did not do: a new clock runs. A closed query is reopened by a head. */
export async function reopenQuery(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof reasonInput>
): Promise<Changed> {
  const { query, status } = await begin(tx, actor, 'reopen', input);
  refuseArchived({ number: query.clientNumber, lifecycle: query.clientLifecycle });
  const changed = await change(tx, query.id, {
    status,
    startedAt: query.startedAt ?? now,
    resolvedAt: null,
    closedAt: null
  });
  await startClocks(tx, await readSubject(tx, refOf(query.id)), { cause: `Reopened: ${input.reason}` });
  await addRemark(
    tx,
    actor,
    { ...refOf(query.id), ...query, ownerId: query.rmId },
    `Reopened: ${input.reason}`
  );
  return changed;
}

const KEPT_RESOLVED = sql.raw(`interval '7 days'`);

/** Closes what was resolved seven days ago and not reopened since. For housekeeping; returns how many. */
export async function closeResolvedQueries(tx: Tx): Promise<number> {
  const closed = await tx
    .update(queries)
    .set({ status: 'closed', closedAt: now, updatedAt: now, version: sql`${queries.version} + 1` })
    .where(and(eq(queries.status, 'resolved'), sql`${queries.resolvedAt} < now() - ${KEPT_RESOLVED}`))
    .returning({ id: queries.id });
  return closed.length;
}
