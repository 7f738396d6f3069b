import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintLead, mintQuery, mintRequest } from './records.ts';
import { firm, superuser } from './test-firm.ts';

/** Open work for a client, and by which field a conversation names it. */
const KINDS = {
  query: {
    named: 'queryId',
    mint: (clientId: number, rmId: number) => mintQuery({ clientId, rmId, teamId: firm.teams.rm })
  },
  request: {
    named: 'requestId',
    mint: (clientId: number, rmId: number) =>
      mintRequest({ clientId, assigneeId: rmId, teamId: firm.teams.rm, status: 'in_progress' })
  },
  lead: {
    named: 'leadId',
    mint: (clientId: number, rmId: number) =>
      mintLead({ clientId, conversionRmId: rmId, teamId: firm.teams.rm, status: 'wip' })
  }
} as const;

export type Spoken = keyof typeof KINDS;
export const WAYS = ['logged', 'corrected', 'deleted'] as const;
type Way = (typeof WAYS)[number];

interface About {
  clientId: number;
  rmId: number;
  kind: Spoken;
}

/** Work of the client's, and how the `actor` says something about it, or changes or takes back what he said. */
export async function spokenWork(actor: Actor, { clientId, rmId, kind }: About) {
  const { named, mint } = KINDS[kind];
  const workId = await mint(clientId, rmId);
  const { log, update, delete: remove } = callerFor(actor).interactions;
  const say = (hoursAgo: number) =>
    log({
      clientId,
      [named]: workId,
      channel: 'call',
      direction: 'outbound',
      subject: 'Asked about the statement',
      occurredAt: new Date(Date.now() - hoursAgo * 3_600_000)
    });
  const { id } = await say(2);
  await superuser`delete from clock_refresh`;
  const ways: Record<Way, () => Promise<unknown>> = {
    logged: () => say(1),
    corrected: () => update({ id, version: 1, occurredAt: new Date(Date.now() - 3_600_000) }),
    deleted: () => remove({ id })
  };
  return { workId, interactionId: id, as: (way: Way) => ways[way]() };
}
