import type { Sql } from 'postgres';
import { letFallDue, makeAllDue, padClocks } from './data/clocks.ts';
import { assertAllDone, throughWorker } from './escalation.ts';
import { Part } from './parts.ts';
import type { Measured } from './parts/pace.ts';
import type { Task } from './parts/task.ts';
import type { Visitor } from './visitors.ts';

/** What a sweep by a worker does to a page that people read meanwhile. */
export interface Disturbance {
  path: string;
  clocks: number;
  /** From the question until the last person was told. */
  seconds: number;
  /** 95 of 100 visits to the page took at most so many milliseconds: with the worker idle, and while it swept. */
  quiet: number;
  busy: number;
}

interface Rig {
  sql: Sql;
  env: Record<string, string>;
  origin: string;
  /** Of an administrator, who asks for the sweep. */
  session: string;
  visitors: Visitor[];
  /** How many clocks fall due, of the firm's own and added ones. */
  clocks: number;
  seconds: number;
}

const PAGES = ['/clients', '/requests'];
/** People who read the page again as soon as they have it. */
const READERS = 4;

/** Measures list pages with an idle worker and then while it carries out every clock of the firm. */
export async function measureDisturbance(rig: Rig): Promise<Disturbance[]> {
  await padClocks(rig.sql, rig.clocks);
  const http = new Part('http.ts', rig.env);
  const measured: Disturbance[] = [];
  try {
    for (const path of PAGES) measured.push(await measurePage(rig, http, path));
    return measured;
  } finally {
    await http.stop();
  }
}

async function measurePage(rig: Rig, http: Part, path: string): Promise<Disturbance> {
  const { sql, origin, session, visitors } = rig;
  const clocks = await makeAllDue(sql);
  const task: Task = {
    area: 'html',
    level: 'executive',
    procedure: '',
    kind: 'query',
    visitors,
    connections: READERS,
    seconds: rig.seconds,
    origin,
    path
  };
  await http.ask<Measured>(task);
  const quiet = await http.ask<Measured>(task);
  await letFallDue(sql);
  const began = performance.now();
  let seconds = 0;
  const sweep = throughWorker(sql, origin, session).then(
    () => (seconds = (performance.now() - began) / 1000)
  );
  const slices: Measured[] = [];
  // A slice that the sweep outlived; the first one counts in any case.
  while (seconds === 0) {
    const slice = await http.ask<Measured>({ ...task, seconds: 1 });
    if (seconds === 0 || slices.length === 0) slices.push(slice);
  }
  await sweep;
  await assertAllDone(sql);
  return { path, clocks, seconds, quiet: quiet.p95, busy: middle(slices.map(({ p95 }) => p95)) };
}

const middle = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
