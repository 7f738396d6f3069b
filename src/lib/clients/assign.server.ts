import { sql } from 'drizzle-orm';
import { notify } from '#lib/notifications/commands.server.ts';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import { targetsOf } from '#lib/platform/changes.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, RuleViolation } from '#lib/platform/errors.ts';
import type { AssignClientInput } from './inputs.ts';
import { clientOf, clientsFor, type ClientFacts } from './reads.server.ts';
import { checkReferences } from './rules.server.ts';

interface Owners {
  primaryRmId: number | null;
  secondaryRmId: number | null;
}

/**
 * Gives one or many clients to other points of contact and tells them. With a grant for the team, to people of the
 * actor's own teams only. All or none: a client that cannot be given keeps the others where they are. Answers how
 * many changed hands.
 */
export async function assignClients(
  tx: Tx,
  actor: Actor,
  input: AssignClientInput
): Promise<{ assigned: number }> {
  const ids = targetsOf(input).map(({ id }) => id);
  if (input.primaryRmId === undefined && input.secondaryRmId === undefined)
    throw new RuleViolation('Please choose who looks after them');
  const clients = await clientsFor(tx, actor, ids, 'clients.assign', 'book');
  const stale = clients.find(({ id, version }) => id === input.id && version !== (input.version ?? version));
  if (stale) throw new Conflict(undefined, { current: stale });
  const moves = clients.map((client) => ({ client, to: ownersAfter(client, input) })).filter(changes);
  const added = [...new Set(moves.flatMap(({ client, to }) => newcomers(client, to)))];
  await checkReferences(tx, { userIds: added });
  if (!added.every((id) => inScope(actor, 'clients.assign', { userIds: [id] })))
    throw new Forbidden('You may give them to people of your own teams only');
  if (moves.length === 0) return { assigned: 0 };
  await write(tx, moves);
  for (const userId of added.filter((id) => id !== actor.userId)) await tell(tx, actor, userId, moves);
  return { assigned: moves.length };
}

interface Move {
  client: ClientFacts;
  to: Owners;
}

/** Nobody is both: whoever becomes the first point of contact is the second no longer. */
function ownersAfter(client: ClientFacts, input: AssignClientInput): Owners {
  const primaryRmId = input.primaryRmId ?? client.primaryRmId;
  const second = input.secondaryRmId === undefined ? client.secondaryRmId : input.secondaryRmId;
  return { primaryRmId, secondaryRmId: second === primaryRmId ? null : second };
}

const changes = ({ client, to }: Move) =>
  to.primaryRmId !== client.primaryRmId || to.secondaryRmId !== client.secondaryRmId;

const newcomers = (client: Owners, to: Owners): number[] =>
  [to.primaryRmId, to.secondaryRmId].filter(
    (id) => id !== null && id !== client.primaryRmId && id !== client.secondaryRmId
  ) as number[];

async function write(tx: Tx, moves: Move[]): Promise<void> {
  const columns = [
    moves.map(({ client }) => client.id),
    moves.map(({ client }) => client.version),
    moves.map(({ to }) => to.primaryRmId ?? 0),
    moves.map(({ to }) => to.secondaryRmId ?? 0)
  ].map(idArray);
  const changed = await tx.execute(sql`
    update clients c set primary_rm_id = nullif(m.first, 0), secondary_rm_id = nullif(m.second, 0),
      updated_at = now(), version = c.version + 1
    from unnest(${sql.join(columns, sql`, `)}) m(id, version, first, second)
    where c.id = m.id and c.version = m.version returning c.id`);
  const [first] = moves;
  if (changed.length < moves.length && first)
    throw new Conflict(undefined, { current: await clientOf(tx, first.client.id) });
}

const NAMED = 5;

/** What the firm calls several of those it serves. */
async function manyWord(tx: Tx): Promise<string> {
  const [firm] = await tx.execute<{ word: string }>(sql`select client_word as word from firm_settings`);
  return `${firm?.word ?? 'client'}s`;
}

async function tell(tx: Tx, actor: Actor, userId: number, moves: Move[]): Promise<void> {
  const theirs = moves.filter(({ client, to }) => newcomers(client, to).includes(userId));
  const [first] = theirs;
  if (!first) return;
  const { client } = first;
  const names = theirs.slice(0, NAMED).map(({ client: { name, number } }) => `${name} (${number})`);
  const others = theirs.length - names.length;
  await notify(tx, {
    key: `client-assigned:${client.id}:${client.version + 1}:${theirs.length}`,
    userIds: [userId],
    kind: 'assigned',
    subject: theirs.length === 1 ? { kind: 'client', id: client.id } : null,
    title:
      theirs.length === 1
        ? `${names[0]} is now with you`
        : `${theirs.length} ${await manyWord(tx)} are now with you`,
    body: [
      ...(theirs.length > 1 ? [`${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`] : []),
      `Given to you by ${actor.name}`
    ].join(' '),
    reason: 'You are a point of contact here'
  });
}
