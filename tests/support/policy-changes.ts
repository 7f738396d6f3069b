import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { api, finishRecomputes, named, target, usePolicyForms } from './policy-forms.ts';
import { mintClient, mintRequestType } from './records.ts';
import { firm } from './test-firm.ts';
import { clocksOf } from './work-clocks.ts';

/** A client of the firm's RM. */
export let clientId: number;
/** A type of request of each test's own. */
export let typeId: number;

/** Below `useTestFirm` in a file whose tests change policies for a type of request. */
export function useRequestType(): void {
  usePolicyForms();
  beforeAll(async () => {
    clientId = await mintClient({ primaryRmId: firm.rm.userId });
  });
  beforeEach(async () => {
    typeId = await mintRequestType();
  });
}

export const days = (amount: number) => [target({ amount })];

/** The form of a policy for that type: three working days. */
export const draft = (more: object = {}) => named({ requestTypeId: typeId, targets: days(3), ...more });

/** Such a policy, under which what matches it has come; returns its id. */
export async function followedPolicy(more: object = {}): Promise<number> {
  const { id } = await api().create(draft(more));
  await finishRecomputes();
  return id;
}

/** Changes it and keeps its steps; its clocks wait for the worker. */
export async function change(id: number, more: object = {}) {
  const { version, steps } = await api().byId({ id });
  const kept = steps.map(({ tellUserName: _, ...row }) => row);
  const { subjectKind: _, ...fields } = draft({ steps: kept, ...more });
  return api().update({ ...fields, id, version });
}

/** The RM opens a request of that type; returns its id. */
export const open = async (more: object = {}) =>
  (await callerFor(firm.rm).requests.open({ clientId, typeId, ...more })).id;

/** The latest clock for its resolution, if it has one. */
export const clockOf = async (subjectId: number, kind: 'request' | 'query' = 'request') =>
  (await clocksOf(kind, subjectId, 'resolution')).at(-1);

/** How far a recompute has come. */
export const progress = (id: number) =>
  asSystem(async (tx) => {
    const [row] = await tx.execute<Record<'done' | 'moved' | 'ended' | 'begun' | 'total', number>>(
      sql`select done, moved, ended, begun, total from clock_recomputes where id = ${id}`
    );
    return row;
  });
