import type { LateKind } from './model.ts';

/** What is late, as a sentence that goes on with the moment since when. */
export const LATE_WORDS: Record<LateKind, string> = {
  tick: 'No schedule was started since',
  run: 'A run has not come to an end since',
  handover: 'Jobs have been waiting to be handed to the queue since',
  job: 'Jobs that are due have not been done since',
  clock: 'Promises that are due have not been looked at since'
};
