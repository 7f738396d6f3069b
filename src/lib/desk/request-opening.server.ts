import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { readSubject } from '#lib/clocks/subjects.server.ts';
import { colleague, mustReach } from '#lib/people/colleague.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import { blankToNull, type Changed } from '#lib/platform/changes.ts';
import type { openRequestInput } from './inputs.ts';
import { clientToOpenFor } from './opening.server.ts';
import { fillFields } from './request-fields.ts';
import { requestTypes, serviceRequests } from './schema.server.ts';
import { tellAssigned } from './telling.server.ts';

type Input = z.infer<typeof openRequestInput>;
type RequestType = typeof requestTypes.$inferSelect;

async function offeredType(tx: Tx, id: number): Promise<RequestType> {
  const [type] = await tx.select().from(requestTypes).where(eq(requestTypes.id, id));
  if (!type) throw new NotFound();
  if (!type.active)
    throw new RuleViolation(`“${type.name}” is no longer offered. Please choose another type`);
  return type;
}

async function assigneeFor(tx: Tx, actor: Actor, assigneeId: number | null | undefined) {
  if (assigneeId === null || assigneeId === undefined) return null;
  if (assigneeId !== actor.userId) mustReach(actor, 'requests.assign', assigneeId);
  else if (actor.grants['requests.start'] === undefined) throw new Forbidden();
  return colleague(tx, assigneeId);
}

async function anyTeamOfOperations(tx: Tx): Promise<number | null> {
  const [team] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.function, 'ops'), eq(teams.active, true)))
    .orderBy(asc(teams.id))
    .limit(1);
  return team?.id ?? null;
}

const teamsOf = (actor: Actor) => [...actor.teamIds, ...actor.headedTeamIds];

interface Route {
  wanted: number | null | undefined;
  type: RequestType;
  assigneeTeamId: number | null;
  /** The actor does not see the client, so he sees the request only with a team of his own. */
  hidden: boolean;
}

/** The team a new request goes to: the one named, the assignee's, the type's, else that of operations. */
async function teamFor(tx: Tx, actor: Actor, { wanted, type, assigneeTeamId, hidden }: Route) {
  const mine = teamsOf(actor);
  const chosen = wanted ?? assigneeTeamId ?? type.defaultTeamId;
  if (hidden && wanted && !mine.includes(wanted)) {
    throw new RuleViolation('For somebody who is not yours the request goes to a team of your own');
  }
  if (hidden && !mine.includes(chosen ?? 0)) return mine[0] ?? null;
  return chosen ?? anyTeamOfOperations(tx);
}

/** A client whom the actor sees only now that there is the request. */
async function refuseHiddenArchived(tx: Tx, clientId: number): Promise<void> {
  const { number, lifecycle } = clients;
  const [client] = await tx.select({ number, lifecycle }).from(clients).where(eq(clients.id, clientId));
  if (client) refuseArchived(client);
}

/**
 * Records a client's instruction with the checklist and the fields of its type and starts its clocks. Relationship managers open
 * requests for their own clients; who holds the grant for all opens them for any client, by id.
 */
export async function openRequest(tx: Tx, actor: Actor, input: Input): Promise<Changed> {
  const client = await clientToOpenFor(tx, actor, 'requests.create', input.clientId);
  const type = await offeredType(tx, input.typeId);
  const fields = fillFields(type.fields, input.fields ?? {});
  const assignee = await assigneeFor(tx, actor, input.assigneeId);
  const teamId = await teamFor(tx, actor, {
    wanted: input.teamId,
    type,
    assigneeTeamId: assignee?.mainTeamId ?? null,
    hidden: client === null
  });
  const [row] = await tx
    .insert(serviceRequests)
    .values({
      clientId: input.clientId,
      typeId: type.id,
      details: blankToNull(input.details) ?? null,
      priority: input.priority ?? 'normal',
      assigneeId: assignee?.id ?? null,
      teamId,
      checklist: type.checklist.map((label) => ({ label, done: false })),
      fields,
      createdById: actor.userId
    })
    .returning();
  if (!row) throw new NotFound();
  if (!client) await refuseHiddenArchived(tx, row.clientId);
  await startClocks(tx, await readSubject(tx, { kind: 'request', id: row.id }));
  await tellAssigned(tx, actor, { kind: 'request', ...row, userId: row.assigneeId });
  return { id: row.id, number: row.number, status: row.status, version: row.version };
}
