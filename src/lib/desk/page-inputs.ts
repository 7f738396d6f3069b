import {
  addCommentInput,
  assignQueryInput,
  assignRequestInput,
  completeRequestInput,
  reasonInput,
  resolveQueryInput,
  waitInput
} from './inputs.ts';

/** The procedures' inputs without the id, which a record's page has in its address. */
export const deskInputs = {
  wait: waitInput.omit({ id: true }),
  reason: reasonInput.omit({ id: true }),
  resolve: resolveQueryInput.omit({ id: true }),
  complete: completeRequestInput.omit({ id: true }),
  assignRequest: assignRequestInput.pick({ version: true, assigneeId: true, teamId: true }),
  assignQuery: assignQueryInput.pick({ version: true, rmId: true })
};

export const commentInput = addCommentInput.pick({ body: true });
