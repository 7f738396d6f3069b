import { sql } from 'drizzle-orm';
import { beforeAll } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute } from '#lib/policies/recompute.server.ts';
import { firm } from './test-firm.ts';

let calendarId = 0;

/** Below `useTestFirm` in a file whose policies are for the calendar that the firm begins with. */
export function usePolicyForms(): void {
  beforeAll(async () => {
    calendarId = (await callerFor(firm.admin).calendars.list()).items[0]?.id ?? 0;
  });
}

/** What an administrator may do with policies. */
export const api = () => callerFor(firm.admin).policies;

/** A step as the form of a policy sends it: the head is told of a resolution that is late. */
export const step = (more: object = {}) => ({
  target: 'resolution' as const,
  when: 'percent' as const,
  amount: 100,
  tell: 'head' as const,
  does: ['notify' as const, 'mail' as const],
  ...more
});

/** A resolution within two working days. */
export const target = (more: object = {}) => ({
  target: 'resolution' as const,
  amount: 2,
  unit: 'working_days' as const,
  ...more
});

/** What a policy promises. */
export const terms = (more: object = {}) => ({
  calendarId,
  pausesClient: true,
  pausesThirdParty: false,
  workingHoursOnly: false,
  targets: [target()],
  steps: [step()],
  ...more
});

let made = 0;

/** The form of a policy for requests, of a name that none has yet. */
export const named = (more: object = {}) => ({
  subjectKind: 'request' as const,
  name: `Policy ${++made}`,
  ...terms(),
  ...more
});

/** Such a policy, as it is shown; its clocks wait for the worker. */
export async function newPolicy(more: object = {}) {
  const { id } = await api().create(named(more));
  return api().byId({ id });
}

/** What was asked of the worker that brings clocks under changed policies and is not done, by id. */
export const waiting = () =>
  asSystem(async (tx) =>
    [
      ...(await tx.execute<{ id: number }>(
        sql`select id from clock_recomputes where finished_at is null order by id`
      ))
    ].map(({ id }) => Number(id))
  );

/** Does all of that. */
export async function finishRecomputes(): Promise<void> {
  for (const id of await waiting()) await recompute(id);
}

/** A policy as its form sends it back. */
export const again = (policy: Awaited<ReturnType<typeof newPolicy>>, more: object = {}) => ({
  ...{ id: policy.id, version: policy.version, name: policy.name },
  ...{ requestTypeId: policy.requestTypeId, clientTier: policy.clientTier, clientTag: policy.clientTag },
  ...{ teamId: policy.teamId, calendarId: policy.calendarId, pausesClient: policy.pausesClient },
  ...{ pausesThirdParty: policy.pausesThirdParty, workingHoursOnly: policy.workingHoursOnly },
  targets: policy.targets,
  steps: policy.steps.map(({ tellUserName: _, ...row }) => row),
  ...more
});
