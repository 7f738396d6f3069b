import { CONNECTIONS, LEVELS, OPERATIONS, type LevelName, type Operation } from './operations.ts';
import type { Options } from './options.ts';
import { Part } from './parts.ts';
import type { Measured } from './parts/pace.ts';
import type { Task } from './parts/task.ts';
import type { Visitor } from './visitors.ts';

/** One row of the table. */
export interface Row {
  operation: Operation;
  level: LevelName;
  connections: number;
  http: Measured;
  leased: Measured | null;
  bare: Measured | null;
  /** A bare server with an answer of the same size. */
  node: Measured | null;
}

interface Rig {
  options: Options;
  env: Record<string, string>;
  origin: string;
  visitors: Record<LevelName, Visitor[]>;
}

const PAGE: Operation = { area: 'html', title: 'List as HTML', procedure: '', kind: 'query' };

/** Measures every operation for every level and number of connections, one thing at a time. */
export async function measureRows(rig: Rig, report: (row: Row) => void): Promise<Row[]> {
  const parts = ['http.ts', 'leased.ts', 'bare.ts'].map((script) => new Part(script, rig.env)) as [
    Part,
    Part,
    Part
  ];
  const rows: Row[] = [];
  try {
    await warmUp(rig, parts[0]);
    for (const operation of [...OPERATIONS, PAGE].filter(({ area }) => rig.options.only.includes(area))) {
      for (const level of LEVELS) rows.push(...(await measureLevel(rig, parts, operation, level, report)));
    }
    return rows;
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
  }
}

const WARM_UP_SECONDS = 3;

/** A server that was just started compiles what it runs and prepares its statements: that is over before anything counts. */
async function warmUp({ options, visitors, origin }: Rig, http: Part): Promise<void> {
  for (const operation of OPERATIONS.filter(({ area }) => options.only.includes(area))) {
    for (const level of LEVELS) {
      const seconds = Math.min(operation.brief ? 0.3 : WARM_UP_SECONDS, options.seconds);
      const task: Task = { ...operation, level, visitors: visitors[level], connections: 16, seconds, origin };
      await http.ask<Measured>(task);
    }
  }
}

async function measureLevel(
  rig: Rig,
  [http, leased, bare]: [Part, Part, Part],
  operation: Operation,
  level: LevelName,
  report: (row: Row) => void
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const { options, visitors, origin } = rig;
    const task: Task = {
      ...operation,
      level,
      visitors: visitors[level],
      connections,
      seconds: operation.brief ? options.seconds / 2 : options.seconds,
      origin
    };
    const isPage = operation.area === 'html';
    const alone = isPage || operation.brief === true;
    const overHttp = await http.ask<Measured>(isPage ? { ...task, path: '/clients' } : task);
    const row = {
      operation,
      level,
      connections,
      http: overHttp,
      leased: alone ? null : await leased.ask<Measured>(task),
      bare: alone ? null : await bare.ask<Measured>(task),
      node: operation.brief ? null : await measureNode(http, task, overHttp.bytes)
    };
    report(row);
    rows.push(row);
  }
  return rows;
}

const floors = new Map<string, Measured>();

/** Answers of about the same size share a measurement. */
async function measureNode(http: Part, task: Task, bytes: number): Promise<Measured> {
  const size = 2 ** Math.round(Math.log2(Math.max(bytes, 64)));
  const key = `${size} ${task.connections} ${task.kind}`;
  const known = floors.get(key);
  if (known) return known;
  const server = new Part('node-server.ts', {}, [String(bytes)]);
  try {
    const { port } = await server.hear<{ port: number }>();
    const measured = await http.ask<Measured>({ ...task, origin: `http://127.0.0.1:${port}` });
    floors.set(key, measured);
    return measured;
  } finally {
    await server.stop();
  }
}
