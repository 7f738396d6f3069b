import { parseArgs } from 'node:util';
import { Failure } from '../scripts/script.ts';

/** What can be measured, in the order of the table. */
export const AREAS = [
  'list',
  'search',
  'record',
  'log',
  'create',
  'dashboard',
  'lists',
  'sorts',
  'boards',
  'catalogue',
  'holdings',
  'everything',
  'html',
  'escalate'
] as const;
export type Area = (typeof AREAS)[number];

export interface Options {
  /** 1 is 100,000 clients. */
  scale: number;
  only: readonly Area[];
  /** How long each row is measured. */
  seconds: number;
  /** Where the scratch database lives, kept for the next run. */
  folder: string;
  /** Makes the data anew. */
  fresh: boolean;
  /** Builds the application where its sources changed. */
  build: boolean;
}

export const USAGE = `npm run bench -- [--scale 1] [--only ${AREAS.join(',')}] [--seconds 3] [--fresh] [--no-build]`;

/** Reads the command line. Throws a Failure with one line. */
export function optionsOf(args: string[]): Options {
  const { values } = parsed(args);
  const only = values.only?.split(',') ?? AREAS;
  const unknown = only.find((name) => !(AREAS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Failure(`There is nothing called ${unknown} to measure\n${USAGE}`);
  const scale = positive('scale', values.scale);
  return {
    scale,
    only: only as Area[],
    seconds: positive('seconds', values.seconds),
    folder: values.folder ?? `.cache/bench/scale-${scale}`,
    fresh: values.fresh,
    build: !values['no-build']
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        scale: { type: 'string', default: '1' },
        only: { type: 'string' },
        seconds: { type: 'string', default: '3' },
        folder: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false }
      }
    });
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${USAGE}`);
  }
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Failure(`--${name} must be a number above 0`);
  return number;
}
