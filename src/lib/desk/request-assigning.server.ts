import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { reviseClocks } from '#lib/clocks/commands.server.ts';
import { readSubject } from '#lib/clocks/subjects.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import { targetsOf, type Changed } from '#lib/platform/changes.ts';
import type { assignRequestInput, takeNextInput } from './inputs.ts';
import { lockRequest, type LockedRequest } from './locks.server.ts';
import { colleague, mustReach, type Colleague } from '#lib/people/colleague.server.ts';
import { changeRequest, startRequest } from './request-commands.server.ts';
import { serviceRequests } from './schema.server.ts';
import { tellAssigned } from './telling.server.ts';

type Input = z.infer<typeof assignRequestInput>;

interface Destination {
  /** Null: into the team's queue. */
  person: Colleague | null;
  teamId: number | undefined;
}

async function mustReachTeam(tx: Tx, actor: Actor, teamId: number): Promise<void> {
  const [team] = await tx.select({ active: teams.active }).from(teams).where(eq(teams.id, teamId));
  if (!team) throw new NotFound();
  if (!inScope(actor, 'requests.assign', { teamIds: [teamId] })) {
    throw new Forbidden('You may assign to your own teams');
  }
  if (!team.active) throw new RuleViolation('This team is no longer active. Please choose another');
}

async function destination(tx: Tx, actor: Actor, { assigneeId, teamId }: Input): Promise<Destination> {
  if (teamId !== undefined) await mustReachTeam(tx, actor, teamId);
  if (assigneeId === undefined && teamId === undefined)
    throw new RuleViolation('Please choose a person or a team');
  if (assigneeId === null || assigneeId === undefined) return { person: null, teamId };
  const person = await colleague(tx, assigneeId);
  mustReach(actor, 'requests.assign', assigneeId);
  return { person, teamId };
}

/** The team stays while the person belongs to it; else the work goes to the person's own. */
function teamAfter(request: LockedRequest, { person, teamId }: Destination): number | null {
  if (teamId !== undefined) return teamId;
  const stays = !person || (request.teamId !== null && person.teamIds.includes(request.teamId));
  return stays ? request.teamId : (person.mainTeamId ?? request.teamId);
}

async function assignOne(tx: Tx, actor: Actor, request: LockedRequest, to: Destination): Promise<Changed> {
  if (request.status !== 'pending' && request.status !== 'in_progress') {
    throw new RuleViolation(`${request.number} is finished. Possible now: reopen.`);
  }
  const teamId = teamAfter(request, to);
  if (!to.person && request.status === 'in_progress') {
    throw new RuleViolation(`${request.number} is in progress and needs somebody. Please choose a person`);
  }
  if (!to.person && teamId === null) throw new RuleViolation('Please choose a team for the queue');
  // First: whoever hands work to another team may not see it afterwards.
  if (teamId !== request.teamId)
    await reviseClocks(
      tx,
      { ...(await readSubject(tx, { kind: 'request', id: request.id })), teamId },
      { teamId: { from: request.teamId, to: teamId } }
    );
  const changed = await changeRequest(tx, request.id, { assigneeId: to.person?.id ?? null, teamId });
  if (to.person && to.person.id !== request.assigneeId) {
    await tellAssigned(tx, actor, { kind: 'request', ...request, ...changed, userId: to.person.id });
  }
  return changed;
}

/** Hands requests, one or many, to a person or into a team's queue. */
export async function assignRequests(tx: Tx, actor: Actor, input: Input): Promise<Changed[]> {
  const to = await destination(tx, actor, input);
  const changed: Changed[] = [];
  for (const target of targetsOf(input)) {
    const request = await lockRequest(tx, actor, 'requests.assign', target);
    changed.push(await assignOne(tx, actor, request, to));
  }
  return changed;
}

/**
 * Takes the most urgent request that waits in a queue of the actor's teams and starts it; null when nothing waits.
 * Two people who ask at the same time get two different ones.
 */
export async function takeNextRequest(
  tx: Tx,
  actor: Actor,
  { teamId }: z.infer<typeof takeNextInput>
): Promise<Changed | null> {
  const mine = [...new Set([...actor.teamIds, ...actor.headedTeamIds])];
  const queues = teamId === undefined ? mine : mine.filter((each) => each === teamId);
  if (queues.length === 0) throw new RuleViolation('You take requests from the queues of your own teams');
  const [next] = await tx
    .select({ id: serviceRequests.id })
    .from(serviceRequests)
    .where(
      and(
        eq(serviceRequests.status, 'pending'),
        isNull(serviceRequests.assigneeId),
        inArray(serviceRequests.teamId, queues)
      )
    )
    .orderBy(
      sql`${serviceRequests.dueAt} asc nulls last`,
      sql`array_position(array['urgent', 'high', 'normal', 'low'], ${serviceRequests.priority})`,
      asc(serviceRequests.id)
    )
    .limit(1)
    .for('update', { skipLocked: true });
  return next ? startRequest(tx, actor, next) : null;
}
