import { logReviewInput, updateReviewInput } from './model.ts';

/** The form of a new review; its holdings are boxes, so none ticked means none. */
export const reviewForm = logReviewInput.extend({
  channel: logReviewInput.shape.channel.unwrap(),
  holdingIds: logReviewInput.shape.holdingIds.unwrap()
});

/** A review set right; the id is in the page's address. */
export const editReviewForm = updateReviewInput.omit({ id: true }).extend({
  heldOn: logReviewInput.shape.heldOn,
  holdingIds: logReviewInput.shape.holdingIds.unwrap()
});
