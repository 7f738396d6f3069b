import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { clockInput, subjectInput } from './model.ts';
import { clocksForSubject, explainClockById } from './reads.server.ts';

export const clocksRouter = router({
  forSubject: can('clocks.view')
    .input(subjectInput)
    .query(({ ctx, input }) => clocksForSubject(ctx.tx, input)),
  explain: can('clocks.view')
    .input(clockInput)
    .query(({ ctx, input }) => explainClockById(ctx.tx, input.id))
});
