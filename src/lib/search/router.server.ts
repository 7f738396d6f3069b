import { router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { everythingInput } from './model.ts';
import { searchEverything } from './reads.server.ts';

export const searchRouter = router({
  /** Each kind of record is searched by those who may view it. */
  everything: signedIn()
    .input(everythingInput)
    .query(({ ctx, input }) => searchEverything(ctx.tx, ctx.actor, input))
});
