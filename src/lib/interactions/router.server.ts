import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { logContact, logInteraction } from './commands.server.ts';
import { deleteInteraction, updateInteraction } from './edit.server.ts';
import { linkable, logContext } from './linkable.server.ts';
import {
  deleteInteractionInput,
  interactionIdInput,
  linkableInput,
  listInteractionsInput,
  logContactInput,
  logContextInput,
  logInteractionInput,
  updateInteractionInput
} from './model.ts';
import { listInteractions } from './reads.server.ts';
import { interactionById } from './record.server.ts';

export const interactionsRouter = router({
  log: can('interactions.create')
    .input(logInteractionInput)
    .mutation(({ ctx, input }) => logInteraction(ctx.tx, ctx.actor, input)),
  list: can('interactions.view')
    .input(listInteractionsInput)
    .query(({ ctx, input }) => listInteractions(ctx.tx, ctx.actor, input)),
  byId: can('interactions.view')
    .input(interactionIdInput)
    .query(({ ctx, input }) => interactionById(ctx.tx, ctx.actor, input.id)),
  update: can('interactions.edit')
    .input(updateInteractionInput)
    .mutation(({ ctx, input }) => updateInteraction(ctx.tx, ctx.actor, input)),
  delete: can('interactions.delete')
    .input(deleteInteractionInput)
    .mutation(({ ctx, input }) => deleteInteraction(ctx.tx, ctx.actor, input)),
  context: can('interactions.create')
    .input(logContextInput)
    .query(({ ctx, input }) => logContext(ctx.tx, ctx.actor, input.clientId)),
  linkable: can('interactions.create')
    .input(linkableInput)
    .query(({ ctx, input }) => linkable(ctx.tx, ctx.actor, input))
});

/** Procedures on clients that are made of interactions, which clients do not know of. */
export const contactRouter = router({
  logContact: can('interactions.create')
    .input(logContactInput)
    .mutation(({ ctx, input }) => logContact(ctx.tx, ctx.actor, input))
});
