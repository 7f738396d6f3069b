import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { decideDuplicate } from './decide.server.ts';
import { decideDuplicateInput, duplicateIdInput, listDuplicatesInput, ownDuplicatesInput } from './model.ts';
import { duplicateById, listDuplicates, ownDuplicates } from './reads.server.ts';

export const duplicatesRouter = router({
  list: can('clients.assign')
    .input(listDuplicatesInput)
    .query(({ ctx, input }) => listDuplicates(ctx.tx, ctx.actor, input)),
  byId: can('clients.view')
    .input(duplicateIdInput)
    .query(({ ctx, input }) => duplicateById(ctx.tx, ctx.actor, input.id)),
  /** What this person sent for review, and what came of it. */
  own: can('clients.view')
    .input(ownDuplicatesInput)
    .query(({ ctx, input }) => ownDuplicates(ctx.tx, input)),
  decide: can('clients.assign')
    .input(decideDuplicateInput)
    .mutation(({ ctx, input }) => decideDuplicate(ctx.tx, ctx.actor, input))
});
