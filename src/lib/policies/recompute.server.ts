import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { endClocks } from '#lib/clocks/clock-writes.server.ts';
import { replanAndWake } from '#lib/clocks/commands.server.ts';
import { followCadence } from '#lib/clocks/contact-cadence.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { defineJob } from '#lib/platform/jobs/define.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { startMissing } from './missing.server.ts';
import { noteRecomputed } from './recompute-moves.server.ts';
import {
  countOpen,
  readPage,
  revise,
  reviserOf,
  type Reviser,
  type Revision,
  type Scope
} from './revision.server.ts';
import { clockRecomputes } from './schema.server.ts';

/** Brings running clocks up to a policy or a calendar that changed. */
export const recomputeJob = defineJob('clocks.recompute', z.strictObject({ id: z.int().positive() }));

/** Clocks in one transaction. */
const BATCH = 300;

type Recompute = typeof clockRecomputes.$inferSelect;

/** Asks for running clocks to follow what was changed in this transaction. */
export async function askForRecompute(tx: Tx, { userId }: Actor, { what, ...of }: Scope): Promise<void> {
  const reviser = await reviserOf(tx, { what, ...of });
  const [asked] = await tx
    .insert(clockRecomputes)
    .values({ ...of, what, askedById: userId, total: reviser ? await countOpen(tx, reviser) : 0 })
    .returning({ id: clockRecomputes.id });
  if (!asked) throw new Error('The recompute was not added');
  await enqueue(tx, recomputeJob, asked);
}

/**
 * Goes through the running clocks in batches until all are done. Each batch is a transaction that also moves the
 * cursor on: stopped anywhere and called again, or by two at once, nothing is done twice and nothing is left out.
 */
export async function recompute(id: number): Promise<void> {
  const asked = await asSystem((tx) => begin(tx, id));
  if (!asked || asked.finishedAt) return;
  const onBehalfOf = asked.askedById === null ? {} : { onBehalfOf: asked.askedById };
  try {
    while (await asSystem((tx) => nextBatch(tx, id), onBehalfOf)) reach('recompute committed');
  } catch (error) {
    await asSystem((tx) => note(tx, id, error));
    throw error;
  }
}

async function nextBatch(tx: Tx, id: number): Promise<boolean> {
  const goesOn = await recomputeBatch(tx, id, BATCH);
  reach('clocks recomputed');
  return goesOn;
}

async function begin(tx: Tx, id: number): Promise<Recompute | undefined> {
  const [asked] = await tx
    .update(clockRecomputes)
    .set({ startedAt: sql`coalesce(${clockRecomputes.startedAt}, now())` })
    .where(eq(clockRecomputes.id, id))
    .returning();
  return asked;
}

async function note(tx: Tx, id: number, error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : 'For a reason unknown';
  await tx
    .update(clockRecomputes)
    .set({ error: text.slice(0, 500) })
    .where(eq(clockRecomputes.id, id));
}

/** The next so many clocks, then the next so many records without one; false when there is no more to do. */
export async function recomputeBatch(tx: Tx, id: number, limit: number): Promise<boolean> {
  const [asked] = await tx.select().from(clockRecomputes).where(eq(clockRecomputes.id, id)).for('update');
  if (!asked || asked.finishedAt) return false;
  const reviser = await reviserOf(tx, {
    what: asked.what,
    ...(asked.policyId !== null && { policyId: asked.policyId }),
    ...(asked.calendarId !== null && { calendarId: asked.calendarId })
  });
  if (!reviser) return finish(tx, id);
  return asked.clocksDoneAt ? beginMissing(tx, asked, reviser, limit) : moveClocks(tx, asked, reviser, limit);
}

async function moveClocks(tx: Tx, asked: Recompute, reviser: Reviser, limit: number): Promise<boolean> {
  const clocks = await readPage(tx, reviser, { afterId: asked.cursor, limit, lock: true });
  const revisions = await revise(tx, reviser, clocks);
  const ended = revisions.filter(({ next }) => next === null).map(({ clock }) => clock);
  const moved = await writeMoved(tx, revisions);
  await noteRecomputed(tx, asked, revisions);
  await endClocks(tx, ended, 'lapsed');
  await followCadence(tx, contactsIn(revisions));
  const { moved: before, ended: endedBefore, done } = asked;
  const last = clocks.at(-1);
  await advance(tx, asked.id, {
    moved: before + moved,
    ended: endedBefore + ended.length,
    done: done + clocks.length,
    ...(last ? { cursor: last.id } : { cursor: 0, clocksDoneAt: new Date() })
  });
  return true;
}

/** The clients whose attention follows one of these clocks. */
const contactsIn = (revisions: Revision[]) =>
  revisions.filter(({ clock }) => clock.target === 'contact').map(({ clock }) => clock.subjectId);

/** Writes the clocks as they will be; says how many due times are others. */
async function writeMoved(tx: Tx, revisions: Revision[]): Promise<number> {
  const next = revisions.flatMap(({ next: clock }) => (clock ? [clock] : []));
  await replanAndWake(tx, next);
  if (next.length === 0) return 0;
  const before = JSON.stringify(revisions.map(({ clock }) => ({ id: clock.id, due: clock.dueAt })));
  const [row] = await tx.execute<{ moved: number }>(sql`
    select count(*)::int as moved from clocks k
    join jsonb_to_recordset(${before}::text::jsonb) as w(id bigint, due timestamptz) on w.id = k.id
    where date_trunc('milliseconds', k.due_at) is distinct from date_trunc('milliseconds', w.due)`);
  return row?.moved ?? 0;
}

async function beginMissing(tx: Tx, asked: Recompute, reviser: Reviser, limit: number): Promise<boolean> {
  const cause = 'A policy promises this from now on';
  const { begun, last } = await startMissing(tx, reviser, { afterId: asked.cursor, limit, cause });
  await advance(tx, asked.id, { begun: asked.begun + begun, ...(last !== null && { cursor: last }) });
  return last === null ? finish(tx, asked.id) : true;
}

type Progress = Partial<typeof clockRecomputes.$inferInsert>;

async function advance(tx: Tx, id: number, progress: Progress): Promise<void> {
  await tx.update(clockRecomputes).set(progress).where(eq(clockRecomputes.id, id));
}

async function finish(tx: Tx, id: number): Promise<false> {
  await tx
    .update(clockRecomputes)
    .set({ finishedAt: sql`now()`, error: null })
    .where(eq(clockRecomputes.id, id));
  return false;
}
