import type { Effect } from '#lib/policies/effect.ts';

/** A calendar file as it was looked at, before anything of it is added. */
export interface ReadFile {
  added: { on: string; name: string }[];
  known: { on: string; name: string }[];
  skipped: { name: string; why: string }[];
  from: number;
  to: number;
  /** What running clocks would do; null where they would do nothing. */
  effect: Effect | null;
  /** The file itself, to be sent again. */
  text: string;
  /** What it is called: `banks.ics`. */
  fileName: string;
}
