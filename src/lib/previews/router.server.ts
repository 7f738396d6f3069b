import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { previewPerson, previewRole } from './commands.server.ts';
import { previewPersonInput, previewRoleInput } from './model.ts';

/** Mutations, since looking leaves a mark in the audit trail. */
export const previewsRouter = router({
  previewPerson: can('admin.roles')
    .input(previewPersonInput)
    .mutation(({ ctx, input }) => previewPerson(ctx.tx, ctx.actor, input.userId)),
  previewRole: can('admin.roles')
    .input(previewRoleInput)
    .mutation(({ ctx, input }) => previewRole(ctx.tx, ctx.actor, input))
});
