import { router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { listsInput } from './model.ts';
import { activeLists } from './reads.server.ts';

export const settingsRouter = router({
  /** The managed lists that forms pick from. */
  lists: signedIn()
    .input(listsInput)
    .query(({ ctx }) => activeLists(ctx.tx))
});
