import type { Disturbance } from './disturbance.ts';
import type { Row } from './measure.ts';
import type { Measured } from './parts/pace.ts';

/** Of what its leased transaction does, a procedure over HTTP shall do at least this part. */
const LEAST_OF_LEASED = 0.5;

const COLUMNS = [
  ['', 20],
  ['who', 14],
  ['conn', 5],
  ['HTTP/s', 9],
  ['p50 ms', 8],
  ['p95', 8],
  ['p99', 8],
  ['leased/s', 10],
  ['ratio', 7],
  ['bare/s', 9],
  ['ratio', 7],
  ['node/s', 9],
  ['ratio', 7],
  ['aims', 0]
] as const;

export function heading(): string {
  return COLUMNS.map(([title, width], i) => (i < 2 ? title.padEnd(width) : title.padStart(width))).join(' ');
}

export function line(row: Row): string {
  const { operation, level, connections, http, leased, bare, node } = row;
  const cells = [
    operation.title,
    level,
    String(connections),
    rate(http.perSecond),
    time(http.p50),
    time(http.p95),
    time(http.p99),
    ...compared(http, leased),
    ...compared(http, bare),
    ...compared(http, node),
    `  ${verdicts(row).join('; ')}`
  ];
  return cells
    .map((cell, i) => (i < 2 ? cell.padEnd(COLUMNS[i]?.[1] ?? 0) : cell.padStart(COLUMNS[i]?.[1] ?? 0)))
    .join(' ')
    .trimEnd();
}

/** What was aimed at, and whether it was met; rows with errors have failed whatever they were aimed at. */
export function verdicts({ operation, connections, http, leased, bare }: Row): string[] {
  const { aim, within } = operation;
  const failed = [http, leased, bare].find((measured) => measured && measured.errors > 0);
  if (failed) return [`FAILED: ${failed.errors} errors (${failed.firstError?.slice(0, 200)})`];
  const said: string[] = [];
  if (within !== undefined && connections === 1) said.push(verdict(http.p95 < within, `p95 < ${within} ms`));
  if (leased) said.push(verdict(http.perSecond / leased.perSecond >= LEAST_OF_LEASED, '½ of leased'));
  if (aim !== undefined && connections > 1) said.push(verdict(http.perSecond >= aim, `${aim}/s`));
  return said;
}

export const verdict = (met: boolean, aim: string) => `${aim} ${met ? 'met' : 'MISSED'}`;

const rate = (perSecond: number) =>
  perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1);
const time = (milliseconds: number) => milliseconds.toFixed(milliseconds >= 100 ? 0 : 2);

function compared(http: Measured, other: Measured | null): [string, string] {
  if (!other) return ['–', '–'];
  return [rate(other.perSecond), (http.perSecond / other.perSecond).toFixed(2)];
}

/** A sweep of everything, and what it did to a page. */
export function disturbanceLine({ path, clocks, seconds, quiet, busy }: Disturbance): string {
  const took = `${clocks.toLocaleString('en')} due escalated in ${seconds.toFixed(1)} s (${verdict(seconds < 30, '< 30 s')})`;
  return `${took} while people read ${path}: p95 ${quiet.toFixed(0)} ms before, ${busy.toFixed(0)} ms meanwhile, ${(busy / quiet).toFixed(1)} times`;
}
