import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { markRead } from './commands.server.ts';
import { listNotificationsInput, markReadInput } from './model.ts';
import { listNotifications } from './reads.server.ts';

export const notificationsRouter = router({
  list: can('notifications.view')
    .input(listNotificationsInput)
    .query(({ ctx, input }) => listNotifications(ctx.tx, ctx.actor.userId, input)),
  markRead: can('notifications.view')
    .input(markReadInput)
    .mutation(async ({ ctx, input }) => ({ marked: await markRead(ctx.tx, ctx.actor.userId, input.ids) }))
});
