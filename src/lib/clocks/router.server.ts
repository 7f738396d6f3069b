import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { acknowledge, snooze, wake } from './holds.server.ts';
import { acknowledgeInput, clockInput, snoozeInput, subjectInput } from './model.ts';
import { clocksForSubject, explainClockById } from './reads.server.ts';

export const clocksRouter = router({
  forSubject: can('clocks.view')
    .input(subjectInput)
    .query(({ ctx, input }) => clocksForSubject(ctx.tx, ctx.actor, input)),
  explain: can('clocks.view')
    .input(clockInput)
    .query(({ ctx, input }) => explainClockById(ctx.tx, ctx.actor, input.id)),
  acknowledge: can('clocks.acknowledge')
    .input(acknowledgeInput)
    .mutation(({ ctx, input }) => acknowledge(ctx.tx, ctx.actor, input)),
  snooze: can('clocks.snooze')
    .input(snoozeInput)
    .mutation(({ ctx, input }) => snooze(ctx.tx, ctx.actor, input)),
  wake: can('clocks.snooze')
    .input(clockInput)
    .mutation(({ ctx, input }) => wake(ctx.tx, ctx.actor, input))
});
