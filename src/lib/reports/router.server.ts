import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { pipelineInput } from './model.ts';
import { pipelineReport } from './reads.server.ts';

export const reportsRouter = router({
  pipeline: can('reports.view')
    .input(pipelineInput)
    .query(({ ctx, input }) => pipelineReport(ctx.tx, input))
});
