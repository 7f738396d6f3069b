import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { addHolding, removeHolding, updateHolding } from './commands.server.ts';
import {
  addHoldingInput,
  holdingIdInput,
  holdingTotalsInput,
  listHoldingsInput,
  removeHoldingInput,
  updateHoldingInput
} from './model.ts';
import { holdingRecord, holdingTotals, listHoldings } from './reads.server.ts';

export const holdingsRouter = router({
  add: can('holdings.create')
    .input(addHoldingInput)
    .mutation(({ ctx, input }) => addHolding(ctx.tx, ctx.actor, input)),
  byId: can('holdings.view')
    .input(holdingIdInput)
    .query(({ ctx, input }) => holdingRecord(ctx.tx, ctx.actor, input.id)),
  list: can('holdings.view')
    .input(listHoldingsInput)
    .query(({ ctx, input }) => listHoldings(ctx.tx, input)),
  totals: can('holdings.view')
    .input(holdingTotalsInput)
    .query(({ ctx, input }) => holdingTotals(ctx.tx, input)),
  update: can('holdings.edit')
    .input(updateHoldingInput)
    .mutation(({ ctx, input }) => updateHolding(ctx.tx, ctx.actor, input)),
  remove: can('holdings.delete')
    .input(removeHoldingInput)
    .mutation(({ ctx, input }) => removeHolding(ctx.tx, ctx.actor, input))
});
