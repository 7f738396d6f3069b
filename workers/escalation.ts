import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { carryOutDue, isAnythingDue, tellEscalations, wakeForNext } from '#lib/escalation/commands.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';

/** Clocks in one transaction: enough to be quick, few enough to hold no lock for long. */
const BATCH = 5000;

export interface Swept {
  /** Clocks on which steps were carried out. */
  clocks: number;
  people: number;
}

/**
 * Carries out everything that is due, in batches, and then tells the people, each once. Any number of processes may
 * sweep at the same time: the one that commits last tells. What a killed sweep carried out is told by the next.
 */
export async function sweepEscalations(): Promise<Swept> {
  let clocks = 0;
  for (let found = -1; found !== 0; clocks += Math.max(found, 0)) {
    found = await asSystem((tx) => carryOutDue(tx, BATCH));
  }
  const people = await asSystem(async (tx) => {
    if (await isAnythingDue(tx)) return 0;
    const told = await tellEscalations(tx, baseUrl());
    await wakeForNext(tx);
    return told;
  });
  return { clocks, people };
}

/** The minute tick; says what it did for the job history. */
export async function sweepClocks(): Promise<string> {
  const { clocks, people } = await sweepEscalations();
  if (clocks === 0 && people === 0) return 'Nothing was due';
  return `Steps carried out on ${clocks} clocks; ${people} people told`;
}

export const escalationHandler = handle(clocksDue, () => sweepEscalations());
