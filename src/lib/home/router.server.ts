import { router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { frame } from './frame.server.ts';
import { emptyInput } from './model.ts';
import { today } from './today.server.ts';

export const homeRouter = router({
  /** What stands around every page. */
  frame: signedIn()
    .input(emptyInput)
    .query(({ ctx }) => frame(ctx.tx, ctx.actor)),
  /** What this person should look at first today. */
  today: signedIn()
    .input(emptyInput)
    .query(({ ctx }) => today(ctx.tx, ctx.actor))
});
