import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { logReview } from './log.server.ts';
import { logReviewInput, reviewIdInput, updateReviewInput } from './model.ts';
import { reviewById } from './reads.server.ts';
import { updateReview } from './update.server.ts';

export const reviewsRouter = router({
  log: can('interactions.create')
    .input(logReviewInput)
    .mutation(({ ctx, input }) => logReview(ctx.tx, ctx.actor, input)),
  byId: can('interactions.view')
    .input(reviewIdInput)
    .query(({ ctx, input }) => reviewById(ctx.tx, input.id)),
  update: can('interactions.edit')
    .input(updateReviewInput)
    .mutation(({ ctx, input }) => updateReview(ctx.tx, ctx.actor, input))
});
