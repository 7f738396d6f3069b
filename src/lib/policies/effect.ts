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

/** Clocks that go over from or to another policy. */
export interface Changeover {
  name: string;
  clocks: number;
}

/** What a change would do to running clocks. The figures are of those looked at: moved, alike, ended and untouched ones. */
export interface ClockEffect {
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
  /** Of all: those that are overdue, and would not be any more. */
  relieved: number;
  /** Of all: those that come under this policy from others, and those that leave it for others. */
  comes: Changeover[];
  leaves: Changeover[];
  /** Those of which nothing is promised any more. */
  ends: number;
  /** Open records that get a clock for something they have none for. */
  begins: number;
  examples: Example[];
}

/** What a change would do to running clocks and to the other policies. */
export interface Effect extends ClockEffect {
  /** Names of policies that would no longer be reached, since this one takes everything from them. */
  hides: string[];
  /** The tag that it asks for and nobody has. */
  unusedTag: string | null;
}

/** Of a change that no running clock and no other policy notices. */
export const NO_EFFECT: Effect = {
  ...{ running: 0, looked: 0, exact: true, earlier: null, later: null, alike: 0, overdue: 0 },
  ...{ relieved: 0, comes: [], leaves: [], ends: 0, begins: 0, examples: [], hides: [], unusedTag: null }
};

/** True when nothing that runs would notice, and nothing has to be said. */
export const isNothing = (effect: Effect): boolean =>
  !effect.earlier &&
  !effect.later &&
  effect.alike + effect.ends + effect.begins + effect.hides.length === 0 &&
  effect.unusedTag === null;
