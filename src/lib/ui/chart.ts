import type { Tone } from './tone.ts';

/** One of the series of a chart. */
export interface Series {
  key: string;
  label: string;
  tone: Tone;
}

/** A place on the axis of categories with the value of each series; null is no value, not nothing. */
export interface Point {
  label: string;
  values: Record<string, number | null>;
}

export interface ChartProps {
  points: readonly Point[];
  series: readonly Series[];
  /** Title of the axis of values. */
  axis: string;
  /** Writes a value with its unit. */
  write: (value: number) => string;
  /** The axis ends here, as a share does at 1. */
  most?: number;
}

/** Fills that differ without colour: plain, stripes one way and the other, dots, a grid. */
export const PATTERNS = ['plain', 'rising', 'falling', 'dots', 'grid'] as const;
export type PatternName = (typeof PATTERNS)[number];

export const patternOf = (index: number): PatternName => PATTERNS[index % PATTERNS.length] ?? 'plain';

/** The token of a tone for what is drawn. */
export const inkOf = (tone: Tone): string => `var(--${tone === 'neutral' ? 'line-strong' : tone})`;
