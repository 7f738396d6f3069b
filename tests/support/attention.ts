import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { finishRecomputes, step, target, terms } from './policy-forms.ts';
import { mintClient, mintInteraction } from './records.ts';
import { firm } from './test-firm.ts';

/** A client spoken to at noon in the firm, so many of its days ago, with its clocks. */
export async function spokenTo(
  daysAgo: number,
  { tag, rm = firm.rm }: { tag?: string; rm?: Actor | null } = {}
) {
  const id = await mintClient({
    primaryRmId: rm?.userId ?? null,
    createdAt: new Date(Date.now() - 900 * 86_400_000)
  });
  const [at] = await asSystem((tx) =>
    tx.execute<{ at: string }>(sql`
      select ((((now() at time zone 'Asia/Kolkata')::date - ${daysAgo}::int)::timestamp + interval '12 hours')
        at time zone 'Asia/Kolkata')::text as at`)
  );
  await mintInteraction({ clientId: id, userId: firm.rm.userId, occurredAt: new Date(at?.at ?? '') });
  if (tag) await setTag(id, tag);
  await refreshClocks();
  return id;
}

/** A tag, of which the worker does not know yet. */
export const setTag = (id: number, tag: string) =>
  asSystem((tx) => tx.execute(sql`insert into client_tags (client_id, tag) values (${id}, ${tag})`));

/** How the client is shown to that person: urgent, warning, fine or never. */
export const stateOf = async (id: number, actor = firm.rm) =>
  (await callerFor(actor).clients.byId({ id })).attention;

type Unit = 'calendar_days' | 'working_days' | 'working_minutes';
let made = 0;
/** A contact within that long, warned of at so many percent of it or not at all, as the form of a policy sends it. */
export const contactTerms = (
  amount: number,
  { unit = 'calendar_days', warn = 67 }: { unit?: Unit; warn?: number | null } = {}
) => {
  const told = { target: 'contact' as const, tell: 'assignee' as const };
  return terms({
    workingHoursOnly: true,
    targets: [target({ target: 'contact', amount, unit })],
    steps: [...(warn === null ? [] : [step({ ...told, amount: warn })]), step(told)]
  });
};

/** A policy for clients with a tag, as an administrator makes one; its clocks and what follows from them are kept. Returns its id. */
export async function promise(tag: string, amount: number, more: Parameters<typeof contactTerms>[1] = {}) {
  const { id } = await callerFor(firm.admin).policies.create({
    ...{ subjectKind: 'client', name: `Spoken to ${++made}`, clientTag: tag },
    ...contactTerms(amount, more)
  });
  await asSystem((tx) => tx.execute(sql`update policies set position = 0 where id = ${id}`));
  await settle();
  return id;
}

/** Everything that follows from changed policies and records is done. */
export async function settle() {
  await finishRecomputes();
  await refreshClocks();
}
