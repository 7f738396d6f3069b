export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad' | 'accent';

export const SOFT: Record<Tone, string> = {
  neutral: 'bg-hover text-ink',
  info: 'bg-info-soft text-info-ink',
  good: 'bg-good-soft text-good-ink',
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad-ink',
  accent: 'bg-accent-soft text-accent-ink'
};

export const SOLID: Record<Tone, string> = {
  neutral: 'bg-line-strong',
  info: 'bg-info',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  accent: 'bg-accent'
};

export const INK: Record<Tone, string> = {
  neutral: 'text-muted',
  info: 'text-info-ink',
  good: 'text-good-ink',
  warn: 'text-warn-ink',
  bad: 'text-bad-ink',
  accent: 'text-accent-ink'
};
