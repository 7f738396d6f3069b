import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { carryOut } from './commands.server.ts';
import { deactivateWithHandover } from './leaving.server.ts';
import {
  carryOutInput,
  deactivateInput,
  handoverByIdInput,
  handoverListInput,
  handoverPreviewInput,
  undoHandoverInput
} from './model.ts';
import { previewHandover } from './preview.server.ts';
import { handoverById, listHandovers } from './reads.server.ts';
import { undoHandover } from './undo.server.ts';

export const handoverRouter = router({
  preview: can('clients.handover')
    .input(handoverPreviewInput)
    .query(({ ctx, input }) => previewHandover(ctx.tx, ctx.actor, input)),
  carryOut: can('clients.handover')
    .input(carryOutInput)
    .mutation(({ ctx, input }) => carryOut(ctx.tx, ctx.actor, input)),
  list: can('clients.handover')
    .input(handoverListInput)
    .query(({ ctx, input }) => listHandovers(ctx.tx, input)),
  /** Also for those who took over: their notification leads here. */
  byId: can('clients.view')
    .input(handoverByIdInput)
    .query(({ ctx, input }) => handoverById(ctx.tx, ctx.actor, input)),
  undo: can('clients.handover')
    .input(undoHandoverInput)
    .mutation(({ ctx, input }) => undoHandover(ctx.tx, ctx.actor, input)),
  deactivate: can('admin.users')
    .input(deactivateInput)
    .mutation(({ ctx, input }) => deactivateWithHandover(ctx.tx, ctx.actor, input))
});
