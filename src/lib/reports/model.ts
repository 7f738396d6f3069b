import { z } from 'zod';

export const PIPELINE_GROUPS = ['team', 'rm', 'product', 'source'] as const;
export type PipelineGroup = (typeof PIPELINE_GROUPS)[number];

export const pipelineInput = z.strictObject({
  /** A firm date; the latest report when left out. */
  onDate: z.iso.date().optional(),
  groupBy: z.enum(PIPELINE_GROUPS).optional()
});
