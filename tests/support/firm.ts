import { eq } from 'drizzle-orm';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { policyTargets, policyVersions } from '#lib/clocks/policy-schema.server.ts';
import { requestTypes } from '#lib/desk/schema.server.ts';
import { roles, teamMembers, teams, userProfiles, users } from '#lib/people/schema.server.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';

export type RoleKey = 'administrator' | 'head' | 'rm_executive' | 'ops_executive';

let minted = 0;
const next = () => ++minted;

function only<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('Nothing came back');
  return row;
}

/** Adds a user with an address of his own; `teamIds` are the teams he belongs to, the first his main one. */
export async function mintUser(
  tx: Tx,
  {
    role,
    name,
    teamIds = [],
    active = true
  }: { role: RoleKey; name?: string; teamIds?: number[]; active?: boolean }
): Promise<number> {
  const number = next();
  const { id: roleId } = only(await tx.select({ id: roles.id }).from(roles).where(eq(roles.key, role)));
  const { id } = only(
    await tx
      .insert(users)
      .values({ name: name ?? `Person ${number}`, roleId, active, mainTeamId: teamIds[0] ?? null })
      .returning({ id: users.id })
  );
  const email = `person${number}@firm.test`;
  await tx.insert(userProfiles).values({ userId: id, email, emailKey: email });
  if (teamIds.length > 0)
    await tx.insert(teamMembers).values(teamIds.map((teamId) => ({ teamId, userId: id })));
  return id;
}

/** Adds a team, optionally with its head, who belongs to it. */
export async function mintTeam(
  tx: Tx,
  values: { name?: string; function: 'rm' | 'ops'; headId?: number }
): Promise<number> {
  const name = values.name ?? `Team ${next()}`;
  const { id } = only(
    await tx
      .insert(teams)
      .values({ ...values, name })
      .returning({ id: teams.id })
  );
  if (values.headId === undefined) return id;
  await tx.insert(teamMembers).values({ teamId: id, userId: values.headId });
  await tx.update(users).set({ mainTeamId: id }).where(eq(users.id, values.headId));
  return id;
}

export async function mintProduct(tx: Tx, name = `Product ${next()}`): Promise<number> {
  return only(
    await tx.insert(products).values({ name, nameKey: name.toLowerCase() }).returning({ id: products.id })
  ).id;
}

/** The id of one of the request types a firm starts with. */
export async function requestTypeId(tx: Tx, key = 'bank_change'): Promise<number> {
  return only(await tx.select({ id: requestTypes.id }).from(requestTypes).where(eq(requestTypes.key, key)))
    .id;
}

async function staff(tx: Tx) {
  await installDefaults(tx, { name: 'Test firm' });
  // One promise on each query and request, so that tests can count; the one on answers has tests of its own.
  await tx.delete(policyTargets).where(eq(policyTargets.target, 'first_response'));
  // Nor does it matter when they run: keeping to working hours has tests of its own.
  await tx.update(policyVersions).set({ workingHoursOnly: false });
  const admin = await mintUser(tx, { role: 'administrator', name: 'Asha Admin' });
  const heads = {
    rmHead: await mintUser(tx, { role: 'head', name: 'Hema Head' }),
    otherHead: await mintUser(tx, { role: 'head', name: 'Omar Otherhead' }),
    opsHead: await mintUser(tx, { role: 'head', name: 'Pia Opshead' })
  };
  const team = {
    rm: await mintTeam(tx, { name: 'North', function: 'rm', headId: heads.rmHead }),
    other: await mintTeam(tx, { name: 'South', function: 'rm', headId: heads.otherHead }),
    ops: await mintTeam(tx, { name: 'Operations', function: 'ops', headId: heads.opsHead }),
    otherOps: await mintTeam(tx, { name: 'Registrar desk', function: 'ops' })
  };
  const rm = (name: string, id: number) => mintUser(tx, { role: 'rm_executive', name, teamIds: [id] });
  const ops = (name: string, id: number) => mintUser(tx, { role: 'ops_executive', name, teamIds: [id] });
  const people = {
    admin,
    ...heads,
    rm: await rm('Ravi Manager', team.rm),
    rm2: await rm('Rita Second', team.rm),
    otherRm: await rm('Osman South', team.other),
    ops: await ops('Opal Desk', team.ops),
    ops2: await ops('Otto Desk', team.ops),
    otherOps: await ops('Olga Registrar', team.otherOps),
    gone: await mintUser(tx, { role: 'rm_executive', name: 'Gita Gone', teamIds: [team.rm], active: false })
  };
  const productId = await mintProduct(tx, 'Balanced Fund');
  return { people, teams: team, productId, requestTypeId: await requestTypeId(tx) };
}

/**
 * A small firm in the database this process is configured for (`useTestDatabase` first): two RM teams, two teams of
 * operations, one person of each kind, a product. `firm.rm` and the others are actors; `gone` was deactivated.
 */
export async function makeFirm() {
  const made = await asSystem(staff);
  const { people, ...rest } = made;
  const roleIds = await asSystem((tx) => tx.select({ key: roles.key, id: roles.id }).from(roles));
  return {
    ...rest,
    roleIds: Object.fromEntries(roleIds.map(({ key, id }) => [key, id])) as Record<RoleKey, number>,
    admin: await actorOf(people.admin),
    rmHead: await actorOf(people.rmHead),
    otherHead: await actorOf(people.otherHead),
    opsHead: await actorOf(people.opsHead),
    rm: await actorOf(people.rm),
    rm2: await actorOf(people.rm2),
    otherRm: await actorOf(people.otherRm),
    ops: await actorOf(people.ops),
    ops2: await actorOf(people.ops2),
    otherOps: await actorOf(people.otherOps),
    goneId: people.gone
  };
}

export type TestFirm = Awaited<ReturnType<typeof makeFirm>>;
