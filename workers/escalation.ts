import type { ScheduleName } from '#lib/admin/timetable.ts';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { failingNotes, noteLeft } from '#lib/clocks/notes.server.ts';
import {
  carryOutDue,
  lookForWork,
  isAnythingDue,
  tellEscalations,
  wakeForNext
} from '#lib/escalation/commands.server.ts';
import { doDeeds } from '#lib/escalation/deeds.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { recordWork } from '#lib/platform/jobs/schedules.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';
import { plural } from '#lib/ui/format.ts';
import { refreshClocks } from './refresh.ts';

/** Clocks in one transaction: enough to be quick, few enough to hold no lock for long. */
const BATCH = 5000;
/** Records in one transaction, which wait to be changed by people meanwhile. */
const BATCH_OF_DEEDS = 500;

export interface Swept {
  /** Clocks on which something was due: a step, or the note that the promise is broken. */
  clocks: number;
  people: number;
}

/**
 * Carries out everything that is due, in batches, changes what the steps say should change, and then tells the people,
 * each once. Any number of processes may sweep at the same time: the one that commits last tells. What a killed sweep
 * carried out is done and told by the next.
 */
export async function sweepEscalations(): Promise<Swept> {
  if (!(await asSystem(lookForWork)).steps) return { clocks: 0, people: 0 };
  let clocks = 0;
  let failure: unknown;
  for (let goesOn = true; goesOn;) {
    clocks += await inBatches(carryOut);
    // A step that cannot be taken must not keep people from hearing of it.
    const deeds = await inBatches(change).catch((error: unknown) => ((failure = error), 0));
    goesOn = deeds > 0;
    // Who has the work now, and how urgent it is, may bring other steps.
    if (goesOn) await refreshClocks().catch((error: unknown) => (failure = error));
  }
  const people = await asSystem(async (tx) => {
    if (await isAnythingDue(tx)) return 0;
    const told = await tellEscalations(tx, baseUrl());
    await wakeForNext(tx);
    reach('people told');
    return told;
  });
  reach('telling committed');
  if (failure !== undefined) throw failure;
  return { clocks, people };
}

/** Repeats one transaction until nothing is left to do; returns how much was done. */
async function inBatches(work: () => Promise<number>): Promise<number> {
  let done = 0;
  for (let found = -1; found !== 0; done += Math.max(found, 0)) found = await work();
  return done;
}

async function carryOut(): Promise<number> {
  const carried = await asSystem(async (tx) => {
    const found = await carryOutDue(tx, BATCH);
    if (found > 0) reach('steps carried out');
    return found;
  });
  if (carried > 0) reach('steps committed');
  return carried;
}

const change = () => asSystem((tx) => doDeeds(tx, BATCH_OF_DEEDS));

/**
 * What the minute tick does, which depends on nobody's waking: brings clocks up to their records and then carries out
 * what is due, in this order, since what was kept meanwhile is due no more. Says what it did for the job history, and
 * which record could not be taken in.
 */
export async function sweepClocks(): Promise<string | null> {
  const found = await asSystem(lookForWork);
  if (!found.records && !found.steps) return null;
  let failure: unknown;
  // What cannot be taken in must not keep all other steps from being carried out.
  const left = found.records ? await takeIn().catch((error: unknown) => ((failure = error), null)) : null;
  const did = inWords(await sweepEscalations());
  if (failure !== undefined) throw failure;
  return [did, left].filter((text) => text !== null).join('. ') || null;
}

async function takeIn(): Promise<string | null> {
  await refreshClocks();
  const failing = await asSystem(async (tx) => {
    await noteLeft(tx);
    return failingNotes(tx);
  });
  if (!failing) return null;
  const { records, number, error } = failing;
  const others = records > 1 ? ` and on ${records - 1} more` : '';
  return `The promises on ${number ?? 'a record'}${others} cannot be brought up to date: ${error ?? 'somebody keeps it locked'}`;
}

function inWords({ clocks, people }: Swept): string | null {
  if (clocks === 0 && people === 0) return null;
  return `Did what was due on ${plural(clocks, 'clock')}; told ${plural(people, 'person', 'people')}`;
}

/** A sweep that a due step woke, between two ticks; what it did stands in the history of the tick's. */
export async function sweepWhenDue(): Promise<void> {
  const startedAt = new Date();
  const did = await sweepClocks();
  if (did) await recordWork('clocks.sweep' satisfies ScheduleName, startedAt, did);
}

export const escalationHandler = handle(clocksDue, () => sweepWhenDue());
