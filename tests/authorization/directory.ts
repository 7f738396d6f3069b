import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { roles, users } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintTeam, mintUser, type TestFirm } from '../support/firm.ts';
import type { ActorName, Relation } from './world.ts';

type Present = Exclude<Relation, 'missing'>;

/** Himself, somebody of his team, somebody of another: at the version that inputs name. */
function colleagueOf(firm: TestFirm, name: ActorName, relation: Present): number {
  const of = {
    executive: { own: firm.rm, team: firm.rm2, other: firm.otherRm },
    ops: { own: firm.ops, team: firm.ops2, other: firm.otherOps },
    head: { own: firm.rmHead, team: firm.rm, other: firm.otherRm },
    administrator: { own: firm.admin, team: firm.rm, other: firm.otherRm }
  };
  return of[name][relation].userId;
}

/**
 * A colleague, a team or a role. Everybody knows all of them; a colleague is one of the firm's, who must not be
 * changed for good, or with `minted` somebody new in a team that stands so.
 */
export function mintDirectory(
  firm: TestFirm,
  kind: 'user' | 'team' | 'role',
  name: ActorName,
  relation: Present,
  state: Record<string, unknown>
): Promise<number> {
  return asSystem(async (tx) => {
    if (kind === 'team') return mintTeam(tx, { function: 'rm' });
    if (kind === 'role') {
      const values = { key: `own_${randomUUID()}`, name: `Role ${randomUUID()}`, level: 2 };
      const [row] = await tx.insert(roles).values(values).returning({ id: roles.id });
      return row?.id ?? 0;
    }
    if (state.minted) {
      const teamId = relation === 'other' ? firm.teams.other : firm.teams.rm;
      return mintUser(tx, { role: 'rm_executive', teamIds: [teamId] });
    }
    const id = colleagueOf(firm, name, relation);
    await tx.update(users).set({ version: 1, leaveFrom: null, leaveTo: null }).where(eq(users.id, id));
    return id;
  });
}
