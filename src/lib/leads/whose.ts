/** Whose leads a pipeline counts for a reader of a level: on the home page, in the nightly report and in digests. */
export const PIPELINE_OF = {
  0: 'All leads',
  1: 'Leads of your people, and those that wait for your teams',
  2: 'Your leads'
} as const;
