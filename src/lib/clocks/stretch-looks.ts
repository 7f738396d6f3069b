import type { ExplainedStretch } from './explanation.ts';

export type StretchKind = ExplainedStretch['kind'];

/** Each kind by its pattern as much as by its colour. */
export const LOOKS: Record<StretchKind, string> = {
  ours: 'bg-accent',
  client: 'bg-warn-soft stripes text-warn',
  third_party: 'bg-info-soft dots text-info',
  night: 'bg-hover',
  break: 'bg-hover',
  weekend: 'bg-hover bars text-line-strong',
  holiday: 'bg-hover grid-lines text-line-strong'
};

/** What each kind is called; of `client` with the firm's word. */
export const stretchNames = (client: string): Record<StretchKind, string> => ({
  ours: 'With us',
  client: `Waiting for the ${client}`,
  third_party: 'Waiting for a third party',
  night: 'Night',
  break: 'Break',
  weekend: 'Weekend',
  holiday: 'Holiday'
});
