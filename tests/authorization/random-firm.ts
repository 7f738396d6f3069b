import { eq, inArray, sql } from 'drizzle-orm';
import { clients } from '#lib/clients/schema.server.ts';
import { queries, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { teamMembers, teams, users } from '#lib/people/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { mintTeam, mintUser, type RoleKey } from '../support/firm.ts';
import type { Random } from '../support/random.ts';

interface People {
  userIds: number[];
  teamIds: number[];
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Teams with and without a head, heads of none, one and two teams, an executive named as head, somebody gone. */
export async function randomPeople(tx: Tx, { pick, chance }: Random): Promise<People> {
  await installDefaults(tx);
  const teamIds: number[] = [];
  for (const fn of ['rm', 'rm', 'rm', 'ops', 'ops'] as const)
    teamIds.push(await mintTeam(tx, { function: fn }));
  const userIds: number[] = [];
  const roles: RoleKey[] = ['administrator', 'head', 'head', 'head', 'rm_executive', 'ops_executive'];
  for (const role of [...roles, ...times(8, () => pick(roles.slice(4)))]) {
    const chosen = [...new Set(times(pick([0, 1, 1, 2]), () => pick(teamIds)))];
    userIds.push(
      await mintUser(tx, { role, teamIds: chosen, active: !chance(0.1) || role === 'administrator' })
    );
  }
  const [, first, second] = userIds;
  const executive = userIds.at(-1);
  const headed = [first, first, second, executive];
  for (const [index, headId] of headed.entries()) {
    await tx
      .update(teams)
      .set({ headId: headId ?? null })
      .where(eq(teams.id, teamIds[index] ?? 0));
  }
  await tx
    .update(users)
    .set({ active: false })
    .where(inArray(users.id, userIds.slice(-2, -1)));
  await tx
    .insert(teamMembers)
    .values({ teamId: teamIds[1] ?? 0, userId: userIds[4] ?? 0 })
    .onConflictDoNothing();
  return { userIds, teamIds };
}

const REQUEST_STATES = ['pending', 'pending', 'in_progress', 'completed', 'rejected'] as const;
const QUERY_STATES = ['open', 'in_progress', 'resolved', 'closed'] as const;

/** Work as the commands leave it: what is finished has somebody who finished it. */
function randomWork({ pick, chance }: Random, { userIds, teamIds }: People) {
  const person = (share: number) => (chance(share) ? pick(userIds) : null);
  const request = () => {
    const status = pick(REQUEST_STATES);
    const assigneeId = status === 'pending' ? person(0.5) : pick(userIds);
    const rejectionReason = status === 'rejected' ? 'No' : null;
    return { status, assigneeId, rejectionReason, teamId: pick(teamIds) };
  };
  const query = () => {
    const status = pick(QUERY_STATES);
    const rmId = status === 'open' ? person(0.6) : pick(userIds);
    const resolution = status === 'resolved' || status === 'closed' ? 'Yes' : null;
    return { status, rmId, resolution, teamId: pick(teamIds) };
  };
  const owners = () => ({ primaryRmId: person(0.85), secondaryRmId: person(0.25) });
  return { person, request, query, owners };
}

export async function randomRecords(tx: Tx, random: Random, people: People): Promise<void> {
  const { pick, chance } = random;
  const { person, request, query, owners } = randomWork(random, people);
  const [type] = await tx.select({ id: requestTypes.id }).from(requestTypes).limit(1);
  const made = await tx
    .insert(clients)
    .values(times(50, () => ({ kind: 'individual' as const, name: `C${random.next()}`, ...owners() })))
    .returning({ id: clients.id });
  const clientId = () => pick(made).id;
  await tx
    .insert(serviceRequests)
    .values(times(60, () => ({ clientId: clientId(), typeId: type?.id ?? 0, ...request() })));
  await tx.insert(queries).values(times(60, () => ({ clientId: clientId(), subject: 'Q', ...query() })));
  await tx
    .insert(holdings)
    .values(times(60, () => ({ clientId: clientId(), productName: 'H', createdById: person(0.7) })));
  await tx.insert(interactions).values(
    times(60, () => ({
      clientId: clientId(),
      userId: person(0.8),
      loggedById: person(0.8),
      channel: 'call' as const,
      direction: 'inbound' as const,
      subject: 'I',
      occurredAt: new Date()
    }))
  );
  await tx.insert(leads).values(
    times(60, () => ({
      name: 'L',
      obtainedById: person(0.7),
      conversionRmId: person(0.6),
      teamId: chance(0.7) ? pick(people.teamIds) : null
    }))
  );
}

/** A day's changes: clients change hands, work is taken, handed on and finished, people move and are made heads. */
export async function shuffle(tx: Tx, random: Random, people: People): Promise<void> {
  const { chance, pick } = random;
  const { request, query, owners } = randomWork(random, people);
  for (const { id } of await tx.select({ id: clients.id }).from(clients)) {
    if (chance(0.3)) await tx.update(clients).set(owners()).where(eq(clients.id, id));
  }
  for (const { id } of await tx.select({ id: serviceRequests.id }).from(serviceRequests)) {
    if (chance(0.4)) await tx.update(serviceRequests).set(request()).where(eq(serviceRequests.id, id));
  }
  for (const { id } of await tx.select({ id: queries.id }).from(queries)) {
    if (chance(0.4)) await tx.update(queries).set(query()).where(eq(queries.id, id));
  }
  await tx.execute(
    sql`delete from service_requests where id in (select id from service_requests order by id limit 5)`
  );
  const moved = pick(people.userIds);
  await tx.delete(teamMembers).where(eq(teamMembers.userId, moved));
  await tx.insert(teamMembers).values({ teamId: pick(people.teamIds), userId: moved });
  await tx
    .update(teams)
    .set({ headId: pick(people.userIds) })
    .where(eq(teams.id, pick(people.teamIds)));
}
