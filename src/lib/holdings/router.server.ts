import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { addHolding, updateHolding } from './commands.server.ts';
import { addHoldingInput, listHoldingsInput, updateHoldingInput } from './model.ts';
import { listHoldings } from './reads.server.ts';

export const holdingsRouter = router({
  add: can('holdings.create')
    .input(addHoldingInput)
    .mutation(({ ctx, input }) => addHolding(ctx.tx, ctx.actor, input)),
  list: can('holdings.view')
    .input(listHoldingsInput)
    .query(({ ctx, input }) => listHoldings(ctx.tx, input)),
  update: can('holdings.edit')
    .input(updateHoldingInput)
    .mutation(({ ctx, input }) => updateHolding(ctx.tx, ctx.actor, input))
});
