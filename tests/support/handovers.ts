import { eq, inArray } from 'drizzle-orm';
import { clients } from '#lib/clients/schema.server.ts';
import type { HandoverPlan } from '#lib/handover/model.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintUser } from './firm.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from './records.ts';
import { firm } from './test-firm.ts';

export const EVERYTHING = ['clients', 'secondary', 'contacts', 'leads', 'queries', 'requests'] as const;

/** One more RM, of the team North unless told otherwise; of one who left there is the id alone. */
export const mintRm = async (values: { teamId?: number; active?: boolean; name?: string } = {}) => {
  const { teamId = firm.teams.rm, active = true, name } = values;
  const id = await asSystem((tx) =>
    mintUser(tx, { role: 'rm_executive', teamIds: [teamId], active, ...(name ? { name } : {}) })
  );
  return active ? actorOf(id) : ({ userId: id } as Actor);
};

/** The head, with the people who joined since. */
export const head = () => actorOf(firm.rmHead.userId);

/** An RM with a bit of everything. */
export async function withWork() {
  const rm = await mintRm();
  const rmId = rm.userId;
  const book = await Promise.all(
    ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name) => mintClient({ name, primaryRmId: rmId }))
  );
  const [alpha = 0, beta = 0, gamma = 0] = book;
  const second = await mintClient({ primaryRmId: firm.rm2.userId, secondaryRmId: rmId });
  await asSystem((tx) =>
    tx
      .update(clients)
      .set({ nextContactOn: '2026-12-01', nextContactById: rmId })
      .where(inArray(clients.id, [alpha, second]))
  );
  const lead = await mintLead({ conversionRmId: rmId, teamId: firm.teams.rm, status: 'wip' });
  const query = await mintQuery({ clientId: beta, rmId, teamId: firm.teams.rm });
  const request = await mintRequest({
    clientId: gamma,
    assigneeId: rmId,
    teamId: firm.teams.ops,
    status: 'in_progress'
  });
  return { rm, rmId, book, alpha, beta, gamma, second, lead, query, request };
}

/** Of everything, unless told otherwise. */
export const plan = (
  fromId: number,
  toIds: number[],
  parts: readonly HandoverPlan['parts'][number][] = EVERYTHING
) => ({
  fromId,
  toIds,
  parts: [...parts]
});

/** What was looked at is carried out as it was shown. */
export async function carryOut(actor: Actor, wanted: HandoverPlan) {
  const api = callerFor(actor);
  const { token } = await api.handover.preview(wanted);
  return api.handover.carryOut({ ...wanted, token });
}

export const clientRow = async (id: number) => {
  const [row] = await asSystem((tx) => tx.select().from(clients).where(eq(clients.id, id)));
  if (!row) throw new Error('No client');
  return row;
};
