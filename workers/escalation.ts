import type { ScheduleName } from '#lib/admin/timetable.ts';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
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
import { refreshClocks } from './refresh.ts';

/** Clocks in one transaction: enough to be quick, few enough to hold no lock for long. */
const BATCH = 5000;
/** Records in one transaction, which wait to be changed by people meanwhile. */
const BATCH_OF_DEEDS = 500;

export interface Swept {
  /** Clocks on which steps were carried out. */
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

/** The minute tick, which depends on nobody's waking; says what it did for the job history. */
export async function sweepClocks(): Promise<string | null> {
  const found = await asSystem(lookForWork);
  if (found.records) await refreshClocks();
  else if (!found.steps) return null;
  return inWords(await sweepEscalations());
}

function inWords({ clocks, people }: Swept): string | null {
  if (clocks === 0 && people === 0) return null;
  return `Steps carried out on ${clocks} clocks; ${people} people told`;
}

/** A sweep that a due step woke, between two ticks; what it did stands in the history of the tick's. */
export async function sweepWhenDue(): Promise<void> {
  const startedAt = new Date();
  const did = inWords(await sweepEscalations());
  if (did) await recordWork('clocks.sweep' satisfies ScheduleName, startedAt, did);
}

export const escalationHandler = handle(clocksDue, () => sweepWhenDue());
