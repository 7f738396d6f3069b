import { Forbidden } from '#lib/platform/errors.ts';
import { may } from '#lib/platform/auth/permissions.ts';
import { canInSnapshot, router } from '#lib/platform/trpc/builder.server.ts';
import { exportAudit, exportList, exportReport } from './commands.server.ts';
import { exportInputs } from './model.ts';
import { clientsSource, leadsSource } from './sales.server.ts';
import { interactionsSource, queriesSource, requestsSource } from './work.server.ts';

/** Lists as CSV files, which wait at `/{list}/export.csv` for whoever asked. */
export const exportsRouter = router({
  leads: canInSnapshot('data.export')
    .input(exportInputs.leads)
    .mutation(({ ctx, input }) => exportList(ctx.tx, ctx.actor, leadsSource, input)),
  clients: canInSnapshot('data.export')
    .input(exportInputs.clients)
    .mutation(({ ctx, input }) => exportList(ctx.tx, ctx.actor, clientsSource, input)),
  interactions: canInSnapshot('data.export')
    .input(exportInputs.interactions)
    .mutation(({ ctx, input }) => exportList(ctx.tx, ctx.actor, interactionsSource, input)),
  queries: canInSnapshot('data.export')
    .input(exportInputs.queries)
    .mutation(({ ctx, input }) => exportList(ctx.tx, ctx.actor, queriesSource, input)),
  requests: canInSnapshot('data.export')
    .input(exportInputs.requests)
    .mutation(({ ctx, input }) => exportList(ctx.tx, ctx.actor, requestsSource, input)),
  report: canInSnapshot('data.export')
    .input(exportInputs.report)
    .mutation(({ ctx, input }) => exportReport(ctx.tx, ctx.actor, input)),
  audit: canInSnapshot('data.export')
    .input(exportInputs.audit)
    .mutation(({ ctx, input }) => {
      if (!may(ctx.actor, 'admin.audit')) throw new Forbidden();
      return exportAudit(ctx.tx, ctx.actor, input.filter);
    })
});
