import type { z } from 'zod';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { readSubject } from '#lib/clocks/subjects.server.ts';
import { colleague, mustReach } from '#lib/people/colleague.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { blankToNull, type Changed } from '#lib/platform/changes.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type { openQueryInput } from './inputs.ts';
import { clientToOpenFor, type ClientOfWork } from './opening.server.ts';
import { queries } from './schema.server.ts';
import { tellAssigned } from './telling.server.ts';

/** Who gets a new query: the one named, else the client's primary relationship manager. */
async function rmFor(tx: Tx, actor: Actor, client: ClientOfWork, wanted: number | null | undefined) {
  const rmId = wanted ?? client.primaryRmId;
  if (rmId === null)
    throw new RuleViolation('There is no relationship manager yet. Please name who shall resolve it');
  const person = await colleague(tx, rmId);
  const theirs = [client.primaryRmId, client.secondaryRmId, actor.userId];
  if (!theirs.includes(rmId)) mustReach(actor, 'queries.assign', rmId);
  return { rmId, teamId: person.mainTeamId };
}

/** Records a client's question and starts its clocks. */
export async function openQuery(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof openQueryInput>
): Promise<Changed> {
  const client = await clientToOpenFor(tx, actor, 'queries.create', input.clientId);
  if (!client) throw new NotFound();
  const [row] = await tx
    .insert(queries)
    .values({
      clientId: client.id,
      subject: input.subject,
      details: blankToNull(input.details) ?? null,
      priority: input.priority ?? 'normal',
      createdById: actor.userId,
      ...(await rmFor(tx, actor, client, input.rmId))
    })
    .returning();
  if (!row) throw new NotFound();
  await startClocks(tx, await readSubject(tx, { kind: 'query', id: row.id }));
  await tellAssigned(tx, actor, { kind: 'query', ...row, userId: row.rmId });
  return { id: row.id, number: row.number, status: row.status, version: row.version };
}
