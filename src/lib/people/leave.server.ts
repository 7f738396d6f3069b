import { and, eq, sql } from 'drizzle-orm';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { personById, usualDigest } from './person.server.ts';
import { userProfiles, users } from './schema.server.ts';
import type { LeaveInput, ProfileInput } from './user-inputs.ts';

/**
 * Sets or takes back somebody's leave and who is told of his work meanwhile: one's own, a head's people's. The
 * substitute is somebody else who is active and there for at least a part of it.
 */
export async function setLeave(tx: Tx, actor: Actor, input: LeaveInput): Promise<void> {
  const { id, version, leaveFrom, leaveTo, substituteId } = input;
  const person = await personById(tx, actor, id);
  if (!inScope(actor, 'people.edit', { userIds: [id] }))
    throw new Forbidden('Leave is set by the person, his head or an administrator');
  if (person.version !== version) throw new Conflict(undefined, { current: person });
  if (!person.active) throw new RuleViolation(`${person.name} is deactivated`);
  if (leaveFrom !== person.leaveFrom || leaveTo !== person.leaveTo) await mustBeAhead(tx, input);
  if (substituteId !== null) await mustStandIn(tx, input, substituteId);
  const [changed] = await tx
    .update(users)
    .set({ leaveFrom, leaveTo, substituteId, updatedAt: sql`now()`, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning({ id: users.id });
  if (!changed) throw new Conflict(undefined, { current: await personById(tx, actor, id) });
}

const MOST_DAYS = 366;

/** Leave that is newly given ends today or later, by the firm's day, and is no longer than a year. */
async function mustBeAhead(tx: Tx, { leaveFrom, leaveTo }: LeaveInput): Promise<void> {
  if (leaveFrom === null || leaveTo === null) return;
  const [row] = await tx.execute<{ over: boolean; days: number }>(sql`
    select ${leaveTo}::date < (now() at time zone time_zone)::date as over,
      ${leaveTo}::date - ${leaveFrom}::date + 1 as days from firm_settings`);
  const refuse = (message: string) => new RuleViolation(message, { field: 'leaveTo' });
  if (row?.over) throw refuse('This leave is over already. Its last day is today or later');
  if (row && row.days > MOST_DAYS) throw refuse(`Leave is for a year, ${MOST_DAYS} days, at most at a time`);
}

async function mustStandIn(
  tx: Tx,
  { id, leaveFrom, leaveTo }: LeaveInput,
  substituteId: number
): Promise<void> {
  const refuse = (message: string) => new RuleViolation(message, { field: 'substituteId' });
  if (substituteId === id) throw refuse('Somebody else must stand in');
  const [other] = await tx.select().from(users).where(eq(users.id, substituteId));
  if (!other) throw new NotFound();
  if (!other.active) throw refuse(`${other.name} is no longer active`);
  const away =
    leaveFrom !== null &&
    leaveTo !== null &&
    other.leaveFrom !== null &&
    other.leaveTo !== null &&
    other.leaveFrom <= leaveFrom &&
    other.leaveTo >= leaveTo;
  if (away) throw refuse(`${other.name} is on leave all that time`);
}

/** Changes how somebody is reached, and in which zone times are shown to him: everybody's own to keep up to date. */
export async function updateProfile(tx: Tx, actor: Actor, input: ProfileInput): Promise<void> {
  const { id, version, extension, digest, weeklyDigest, ...profile } = input;
  const person = await personById(tx, actor, id);
  if (id !== actor.userId && !person.can.administer) throw new Forbidden('Everybody keeps his own profile');
  const [changed] = await tx
    .update(users)
    .set({ extension, updatedAt: sql`now()`, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning({ id: users.id });
  if (!changed) throw new Conflict(undefined, { current: await personById(tx, actor, id) });
  // What is usual is not kept: it goes with the role somebody has.
  const usual = sql`(select ${usualDigest} from users join roles on roles.id = users.role_id where users.id = ${id})`;
  await tx
    .update(userProfiles)
    .set({
      ...profile,
      digest: sql`nullif(${digest}::boolean, ${usual})`,
      ...(person.level === 0 && { weeklyDigest: weeklyDigest ? null : false })
    })
    .where(eq(userProfiles.userId, id));
}
