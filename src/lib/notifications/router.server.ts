import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { choicesOf, choose } from './choices.server.ts';
import { markRead } from './commands.server.ts';
import {
  aboutInput,
  chooseInput,
  listNotificationsInput,
  markReadInput,
  noInput,
  notificationInput
} from './model.ts';
import { mute, mutedBy, unmute } from './mutes.server.ts';
import { listNotifications, notificationById, standingOf } from './reads.server.ts';

export const notificationsRouter = router({
  list: can('notifications.view')
    .input(listNotificationsInput)
    .query(({ ctx, input }) => listNotifications(ctx.tx, ctx.actor.userId, input)),
  byId: can('notifications.view')
    .input(notificationInput)
    .query(({ ctx, input }) => notificationById(ctx.tx, ctx.actor.userId, input.id)),
  /** Of a record: whether the actor muted it, and how much about it he has not read. */
  about: can('notifications.view')
    .input(aboutInput)
    .query(({ ctx, input }) => standingOf(ctx.tx, ctx.actor.userId, input)),
  markRead: can('notifications.view')
    .input(markReadInput)
    .mutation(async ({ ctx, input }) => ({ marked: await markRead(ctx.tx, ctx.actor.userId, input) })),
  choices: can('notifications.view')
    .input(noInput)
    .query(({ ctx }) => choicesOf(ctx.tx, ctx.actor.userId)),
  choose: can('notifications.view')
    .input(chooseInput)
    .mutation(({ ctx, input }) => choose(ctx.tx, ctx.actor, input)),
  muted: can('notifications.view')
    .input(noInput)
    .query(({ ctx }) => mutedBy(ctx.tx, ctx.actor.userId)),
  mute: can('notifications.view')
    .input(aboutInput)
    .mutation(({ ctx, input }) => mute(ctx.tx, ctx.actor.userId, input)),
  unmute: can('notifications.view')
    .input(aboutInput)
    .mutation(({ ctx, input }) => unmute(ctx.tx, ctx.actor.userId, input))
});
