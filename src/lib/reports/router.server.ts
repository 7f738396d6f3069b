import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { ageingReport } from './ageing.server.ts';
import { escalationsReport } from './escalations.server.ts';
import {
  ageingInput,
  escalationsInput,
  overviewInput,
  pipelineInput,
  promisesInput,
  referralsInput,
  reviewsInput,
  rowsInput
} from './model.ts';
import { reportsOverview } from './overview.server.ts';
import { pipelineReport } from './pipeline.server.ts';
import { promisesReport } from './promises.server.ts';
import { referralsReport } from './referrals.server.ts';
import { reviewsReport } from './reviews.server.ts';
import { reportRows } from './rows.server.ts';

export const reportsRouter = router({
  overview: can('reports.view')
    .input(overviewInput)
    .query(({ ctx }) => reportsOverview(ctx.tx)),
  pipeline: can('reports.view')
    .input(pipelineInput)
    .query(({ ctx, input }) => pipelineReport(ctx.tx, input)),
  promises: can('reports.view')
    .input(promisesInput)
    .query(({ ctx, input }) => promisesReport(ctx.tx, ctx.actor, input)),
  ageing: can('reports.view')
    .input(ageingInput)
    .query(({ ctx, input }) => ageingReport(ctx.tx, ctx.actor, input)),
  escalations: can('reports.view')
    .input(escalationsInput)
    .query(({ ctx, input }) => escalationsReport(ctx.tx, ctx.actor, input)),
  reviews: can('reports.view')
    .input(reviewsInput)
    .query(({ ctx, input }) => reviewsReport(ctx.tx, ctx.actor, input)),
  referrals: can('reports.view')
    .input(referralsInput)
    .query(({ ctx, input }) => referralsReport(ctx.tx, ctx.actor, input)),
  /** What a figure counts. */
  rows: can('reports.view')
    .input(rowsInput)
    .query(({ ctx, input }) => reportRows(ctx.tx, input))
});
