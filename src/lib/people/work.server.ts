import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, RuleViolation } from '#lib/platform/errors.ts';
import { decideInTurn, mustLeaveAnAdministrator } from './administrators.server.ts';
import { personById, personToAdminister, type Person } from './person.server.ts';
import { teams, users } from './schema.server.ts';

/** What somebody holds that another must take before he leaves. */
export interface Work extends Record<string, unknown> {
  clients: number;
  /** Clients whose secondary contact he is. */
  secondary: number;
  /** Contacts he has planned. */
  contacts: number;
  leads: number;
  queries: number;
  requests: number;
}

/** Counts over everything there is, also what the actor does not see. For those who look after users. */
export async function workOf(tx: Tx, actor: Actor, id: number) {
  const person = await personToAdminister(tx, actor, id);
  const [work] = await tx.execute<Work>(sql`
    select clients, secondary, contacts, leads, queries, requests from app.work_of(${id})`);
  if (!work) throw new Forbidden();
  const heads = person.teams
    .filter(({ isHead }) => isHead)
    .map(({ id: teamId, name }) => ({ id: teamId, name }));
  return { ...work, heads, ladders: await laddersNaming(tx, id) };
}

/** Policies in use whose ladder tells him by name: he is told no more once he is gone. */
async function laddersNaming(tx: Tx, id: number): Promise<{ id: number; name: string }[]> {
  const rows = await tx.execute<{ id: number; name: string }>(sql`
    select p.id, p.name from policies p
    where p.active and exists (select 1 from policy_steps s where s.tell_user_id = ${id} and s.policy_version_id =
      (select v.id from policy_versions v where v.policy_id = p.id order by v.version desc limit 1))
    order by p.position, p.id`);
  return [...rows].map((row) => ({ id: Number(row.id), name: row.name }));
}

export const holdsWork = ({ clients, secondary, contacts, leads, queries, requests }: Work) =>
  clients + secondary + contacts + leads + queries + requests > 0;

/**
 * Deactivates somebody who holds no work any more: he is signed out at once, and no link brings him back. `headId`
 * heads his teams from then on. Never oneself, never the last administrator.
 */
export async function deactivatePerson(
  tx: Tx,
  actor: Actor,
  { id, version, headId }: { id: number; version: number; headId?: number | undefined }
): Promise<void> {
  const person = await personToDecide(tx, actor, { id, version });
  if (!person.active) throw new RuleViolation(`${person.name} is deactivated already`);
  const left = await workOf(tx, actor, id);
  if (holdsWork(left)) throw new RuleViolation(`${person.name} still holds work. Hand it over first`, left);
  if (left.heads.length > 0) await handTeamsOver(tx, person, headId, left.heads);
  await setActive(tx, actor, person, false);
  await mustLeaveAnAdministrator(tx);
}

/** Lets somebody in again: with the password he had, from a new sign-in on. */
export async function reactivatePerson(tx: Tx, actor: Actor, input: { id: number; version: number }) {
  const person = await personToDecide(tx, actor, input);
  if (person.active) throw new RuleViolation(`${person.name} is active`);
  await setActive(tx, actor, person, true);
}

async function personToDecide(tx: Tx, actor: Actor, { id, version }: { id: number; version: number }) {
  await decideInTurn(tx, actor, 'admin.users');
  const person = await personToAdminister(tx, actor, id);
  if (!person.can.decide)
    throw new RuleViolation('Nobody deactivates himself. Another administrator must do this');
  if (person.version !== version) throw new Conflict(undefined, { current: person });
  return person;
}

async function setActive(tx: Tx, actor: Actor, { id, version }: Person, active: boolean): Promise<void> {
  const [changed] = await tx
    .update(users)
    .set({ active, updatedAt: sql`now()`, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning({ id: users.id });
  if (!changed) throw new Conflict(undefined, { current: await personById(tx, actor, id) });
}

async function handTeamsOver(
  tx: Tx,
  person: Person,
  headId: number | undefined,
  headed: { id: number; name: string }[]
): Promise<void> {
  const names = headed.map(({ name }) => name).join(' and ');
  const refuse = (message: string) => new RuleViolation(message, { field: 'headId' });
  if (headId === undefined || headId === person.id) throw refuse(`Choose who heads ${names} from now on`);
  const [able] = await tx.execute(sql`
    select 1 from users u join roles r on r.id = u.role_id and r.level <= 1 where u.id = ${headId} and u.active`);
  if (!able) throw refuse(`Choose somebody active with a head’s role for ${names}`);
  const given = await tx
    .update(teams)
    .set({ headId, updatedAt: sql`now()`, version: sql`${teams.version} + 1` })
    .where(eq(teams.headId, person.id))
    .returning({ id: teams.id });
  if (given.length < headed.length)
    throw new Forbidden('The head of a team is chosen by those who look after teams');
  await tx.execute(sql`
    insert into team_members (team_id, user_id) select t.id, ${headId}::bigint from teams t where t.head_id = ${headId}
    on conflict do nothing`);
}
