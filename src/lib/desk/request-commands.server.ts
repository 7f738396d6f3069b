import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { refuseArchived } from '#lib/clients/rules.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import {
  cancelClocks,
  resume,
  reviseClocks,
  satisfyClock,
  startClocks,
  waitOn
} from '#lib/clocks/commands.server.ts';
import { readSubject } from '#lib/clocks/subjects.server.ts';
import { blankToNull, targetsOf, type Changed, type Unversioned } from '#lib/platform/changes.ts';
import { addRemark } from './comment-commands.server.ts';
import type {
  actInput,
  checkStepInput,
  completeRequestInput,
  prioritiseInput,
  reasonInput,
  updateRequestInput,
  waitInput
} from './inputs.ts';
import { lockRequest, type LockedRequest } from './locks.server.ts';
import { fillFields } from './request-fields.ts';
import { requestStatusAfter, type RequestAction } from './model.ts';
import { REQUEST_PERMISSIONS } from './rules.ts';
import { serviceRequests } from './schema.server.ts';
import { notWaiting, waitingCause, waitingFor } from './waiting.ts';

type Act = z.infer<typeof actInput>;
type Columns = typeof serviceRequests;

const now = sql`now()`;

/** Writes the changes of a locked request. */
export async function changeRequest(tx: Tx, id: number, changes: Record<string, unknown>): Promise<Changed> {
  const [row] = await tx
    .update(serviceRequests)
    .set({
      ...(changes as Partial<Columns['$inferInsert']>),
      updatedAt: now,
      version: sql`${serviceRequests.version} + 1`
    })
    .where(eq(serviceRequests.id, id))
    .returning({
      id: serviceRequests.id,
      number: serviceRequests.number,
      status: serviceRequests.status,
      version: serviceRequests.version
    });
  if (!row) throw new NotFound();
  return row;
}

/** Locks the request for an action and says which status it leads to. */
async function begin(tx: Tx, actor: Actor, action: RequestAction, target: Act) {
  const request = await lockRequest(tx, actor, REQUEST_PERMISSIONS[action], target);
  return { request, status: requestStatusAfter(action, request, actor) };
}

const refOf = (request: LockedRequest) => ({ kind: 'request' as const, id: request.id });

function mustBeUnfinished({ status, number }: LockedRequest): void {
  if (status === 'pending' || status === 'in_progress') return;
  throw new RuleViolation(`${number} is finished, so it cannot be changed. A head can reopen it.`);
}

/** Changes what was asked; a new priority may bring a new promise. */
export async function updateRequest(
  tx: Tx,
  actor: Actor,
  input: Unversioned<z.infer<typeof updateRequestInput>>
): Promise<Changed> {
  const request = await lockRequest(tx, actor, 'requests.edit', input);
  mustBeUnfinished(request);
  const { id, priority } = input;
  const fields = input.fields && fillFields(request.fields, input.fields);
  const changed = await changeRequest(tx, id, { priority, fields, details: blankToNull(input.details) });
  if (priority && priority !== request.priority)
    await reviseClocks(tx, await readSubject(tx, refOf(request)));
  return changed;
}

/** Gives many requests another priority. */
export async function prioritiseRequests(
  tx: Tx,
  actor: Actor,
  { ids, priority }: z.infer<typeof prioritiseInput>
): Promise<Changed[]> {
  const changed: Changed[] = [];
  for (const { id } of targetsOf({ ids })) changed.push(await updateRequest(tx, actor, { id, priority }));
  return changed;
}

/** Ticks a step of the checklist, or takes the tick away. */
export async function checkStep(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof checkStepInput>
): Promise<Changed> {
  const request = await lockRequest(tx, actor, 'requests.edit', input);
  mustBeUnfinished(request);
  const step = request.checklist[input.step];
  if (!step) throw new RuleViolation(`The checklist has ${request.checklist.length} steps`);
  return changeRequest(tx, request.id, {
    checklist: request.checklist.with(input.step, { ...step, done: input.done })
  });
}

/** Begins work; what nobody has taken becomes the actor's. */
export async function startRequest(tx: Tx, actor: Actor, target: Act): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'start', target);
  await satisfyClock(tx, refOf(request), 'first_response');
  return changeRequest(tx, request.id, {
    status,
    assigneeId: request.assigneeId ?? actor.userId,
    startedAt: request.startedAt ?? now
  });
}

/** The request waits for the client, whose time is not counted, or for a third party, whose time is counted apart. */
export async function waitOnRequest(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof waitInput>
): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'wait', input);
  await waitOn(tx, refOf(request), input.waitingOn, waitingCause(input));
  return changeRequest(tx, request.id, { status, ...waitingFor(input) });
}

export async function resumeRequest(tx: Tx, actor: Actor, target: Act): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'resume', target);
  await resume(tx, refOf(request));
  return changeRequest(tx, request.id, { status, ...notWaiting });
}

/** Carries the instruction out; every step of the checklist must be done. */
export async function completeRequest(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof completeRequestInput>
): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'complete', input);
  const missing = request.checklist.filter(({ done }) => !done).map(({ label }) => label);
  if (missing.length > 0) throw new RuleViolation(`Still to do before it is complete: ${missing.join(', ')}`);
  await satisfyClock(tx, refOf(request), ['first_response', 'next_response', 'resolution']);
  const outcome = blankToNull(input.outcome) ?? null;
  return changeRequest(tx, request.id, { status, ...notWaiting, outcome, finishedAt: now });
}

/** It will not be done: not possible, or withdrawn by the client. The promise is void. */
export async function rejectRequest(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof reasonInput>
): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'reject', input);
  await cancelClocks(tx, refOf(request));
  return changeRequest(tx, request.id, {
    status,
    ...notWaiting,
    rejectionReason: input.reason,
    finishedAt: now
  });
}

/** A head takes a finished request up again: a new clock runs. */
export async function reopenRequest(
  tx: Tx,
  actor: Actor,
  input: z.infer<typeof reasonInput>
): Promise<Changed> {
  const { request, status } = await begin(tx, actor, 'reopen', input);
  refuseArchived({ number: request.clientNumber, lifecycle: request.clientLifecycle });
  const changed = await changeRequest(tx, request.id, {
    status,
    outcome: null,
    rejectionReason: null,
    finishedAt: null,
    startedAt: request.startedAt ?? now
  });
  await startClocks(tx, await readSubject(tx, refOf(request)), { cause: `Reopened: ${input.reason}` });
  const reopened = { ...refOf(request), ...request, ownerId: request.assigneeId };
  await addRemark(tx, actor, reopened, `Reopened: ${input.reason}`);
  return changed;
}
