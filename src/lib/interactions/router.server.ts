import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { logInteraction } from './commands.server.ts';
import { listInteractionsInput, logInteractionInput } from './model.ts';
import { listInteractions } from './reads.server.ts';

export const interactionsRouter = router({
  log: can('interactions.create')
    .input(logInteractionInput)
    .mutation(({ ctx, input }) => logInteraction(ctx.tx, ctx.actor, input)),
  list: can('interactions.view')
    .input(listInteractionsInput)
    .query(({ ctx, input }) => listInteractions(ctx.tx, ctx.actor, input))
});
