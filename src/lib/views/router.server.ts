import { router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { createView, moveView, removeView, updateView } from './commands.server.ts';
import {
  createViewInput,
  listViewsInput,
  moveViewInput,
  removeViewInput,
  shareViewInput,
  updateViewInput
} from './model.ts';
import { listViews } from './reads.server.ts';

export const viewsRouter = router({
  list: signedIn()
    .input(listViewsInput)
    .query(({ ctx, input }) => listViews(ctx.tx, ctx.actor, input.filter.module)),
  create: signedIn()
    .input(createViewInput)
    .mutation(({ ctx, input }) => createView(ctx.tx, ctx.actor, input)),
  update: signedIn()
    .input(updateViewInput)
    .mutation(({ ctx, input }) => updateView(ctx.tx, ctx.actor, input)),
  /** With the members and the head of a team, or with nobody. */
  share: signedIn()
    .input(shareViewInput)
    .mutation(({ ctx, input }) => updateView(ctx.tx, ctx.actor, input)),
  move: signedIn()
    .input(moveViewInput)
    .mutation(({ ctx, input }) => moveView(ctx.tx, ctx.actor, input)),
  remove: signedIn()
    .input(removeViewInput)
    .mutation(({ ctx, input }) => removeView(ctx.tx, ctx.actor, input))
});
