import type { LevelName } from '../operations.ts';
import type { Area } from '../options.ts';
import type { Visitor } from '../visitors.ts';

/** What a measuring process is asked for. */
export interface Task {
  area: Area;
  level: LevelName;
  procedure: string;
  kind: 'query' | 'mutation';
  /** What every call sends, where it is the same in all. */
  input?: object;
  visitors: Visitor[];
  connections: number;
  seconds: number;
  /** Where to call over HTTP. */
  origin: string;
  /** A page to fetch instead of a procedure to call. */
  path?: string;
}

const run = `${Date.now().toString(36)}${process.pid}`;
let uniques = 0;

/** Different in every call of every run. */
export const nextUnique = () => `${run}x${++uniques}`;

/** Answers the parent's tasks, one at a time. */
export function answerTasks(measure: (task: Task) => Promise<object>): void {
  process.on('message', (task: Task) => {
    measure(task).then(
      (result) => process.send?.(result),
      (error: unknown) =>
        process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    );
  });
  process.on('disconnect', () => process.exit());
}
