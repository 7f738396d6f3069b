import type { SubjectKind, TargetName } from '#lib/clocks/model.ts';

/** By how much due times move, in milliseconds. */
export interface Shift {
  clocks: number;
  least: number;
  median: number;
  most: number;
}

export interface Example {
  kind: SubjectKind;
  id: number;
  /** `SR-000012 Change of bank`. */
  title: string;
  target: TargetName;
  from: Date | null;
  /** Null where it would stand still, or where nothing would be promised any more. */
  to: Date | null;
  ends: boolean;
}

/** What a change would do to running clocks; the figures are of those looked at. */
export interface Effect {
  running: number;
  looked: number;
  /** False where the figures are of a sample. */
  exact: boolean;
  earlier: Shift | null;
  later: Shift | null;
  /** Due time as before, or standing still, with another policy or ladder. */
  alike: number;
  /** Of all: those that would be overdue at once, and were not. */
  overdue: number;
  /** Those that come under another policy than before. */
  changeover: number;
  /** Those of which nothing is promised any more. */
  ends: number;
  /** Open records without a clock that get one. */
  begins: number;
  examples: Example[];
}

/** True when nothing that runs would notice. */
export const isNothing = (effect: Effect): boolean =>
  !effect.earlier && !effect.later && effect.alike + effect.ends + effect.begins + effect.changeover === 0;
