import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';

export const panOf = (n: number, fifth = 'K') => `ABCP${fifth}${String(1000 + n)}L`;

let made = 0;

/** A client as its form makes it, with a PAN of its own. */
export async function createClient(actor: Actor, more: object = {}) {
  const answer = await callerFor(actor).clients.create({
    kind: 'individual',
    name: `Meera ${++made} Kapoor`,
    pan: panOf(made),
    ...more
  });
  if (answer.outcome !== 'created') throw new Error(answer.outcome);
  return answer;
}
