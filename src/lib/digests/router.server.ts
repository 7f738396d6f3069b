import { baseUrl } from '#lib/platform/config.ts';
import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { sendNow } from './commands.server.ts';
import { digestIdInput, emptyInput, listDigestsInput, sendDigestInput } from './model.ts';
import { digestById, listDigests, previewDigest } from './reads.server.ts';

/** One's own digests. */
export const digestsRouter = router({
  list: can('notifications.view')
    .input(listDigestsInput)
    .query(({ ctx, input }) => listDigests(ctx.tx, ctx.actor, input)),
  byId: can('notifications.view')
    .input(digestIdInput)
    .query(({ ctx, input }) => digestById(ctx.tx, ctx.actor, input.id)),
  preview: can('notifications.view')
    .input(emptyInput)
    .query(({ ctx }) => previewDigest(ctx.tx, ctx.actor)),
  /** Has it mailed as it stands now. */
  send: can('notifications.view')
    .input(sendDigestInput)
    .mutation(({ ctx, input }) => sendNow(ctx.tx, ctx.actor, baseUrl(), input.kind))
});
