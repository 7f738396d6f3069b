import { router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { frame } from './frame.server.ts';
import { emptyInput } from './model.ts';
import {
  attentionCounts,
  dueFirst,
  funnel,
  leadsToCall,
  promiseCounts,
  reviewsDue,
  systemHealth
} from './today.server.ts';

export const homeRouter = router({
  /** What stands around every page. */
  frame: signedIn()
    .input(emptyInput)
    .query(({ ctx }) => frame(ctx.tx, ctx.actor)),
  /** What this person should look at first today. */
  today: signedIn()
    .input(emptyInput)
    .query(async ({ ctx: { tx, actor } }) => ({
      level: actor.level,
      promises: await promiseCounts(tx, actor),
      work: await dueFirst(tx, actor),
      leads: await leadsToCall(tx, actor),
      reviews: await reviewsDue(tx, actor),
      attention: await attentionCounts(tx, actor),
      funnel: await funnel(tx, actor),
      system: actor.level === 0 ? await systemHealth(tx) : null
    }))
});
