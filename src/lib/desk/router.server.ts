import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { addComment } from './comment-commands.server.ts';
import { listComments } from './comment-reads.server.ts';
import * as input from './inputs.ts';
import * as query from './query-commands.server.ts';
import { listQueries, queryById } from './query-reads.server.ts';
import { assignRequests, takeNextRequest } from './request-assigning.server.ts';
import * as request from './request-commands.server.ts';
import { openRequest } from './request-opening.server.ts';
import { listRequestTypes, listRequests, requestById } from './request-reads.server.ts';

export const queriesRouter = router({
  list: can('queries.view')
    .input(input.listQueriesInput)
    .query(({ ctx, input }) => listQueries(ctx.tx, ctx.actor, input)),
  byId: can('queries.view')
    .input(input.idInput)
    .query(({ ctx, input }) => queryById(ctx.tx, ctx.actor, input.id)),
  open: can('queries.create')
    .input(input.openQueryInput)
    .mutation(({ ctx, input }) => query.openQuery(ctx.tx, ctx.actor, input)),
  update: can('queries.edit')
    .input(input.updateQueryInput)
    .mutation(({ ctx, input }) => query.updateQuery(ctx.tx, ctx.actor, input)),
  assign: can('queries.assign')
    .input(input.assignQueryInput)
    .mutation(({ ctx, input }) => query.assignQueries(ctx.tx, ctx.actor, input)),
  start: can('queries.start')
    .input(input.actInput)
    .mutation(({ ctx, input }) => query.startQuery(ctx.tx, ctx.actor, input)),
  wait: can('queries.start')
    .input(input.waitInput)
    .mutation(({ ctx, input }) => query.waitOnQuery(ctx.tx, ctx.actor, input)),
  resume: can('queries.start')
    .input(input.actInput)
    .mutation(({ ctx, input }) => query.resumeQuery(ctx.tx, ctx.actor, input)),
  resolve: can('queries.resolve')
    .input(input.resolveQueryInput)
    .mutation(({ ctx, input }) => query.resolveQuery(ctx.tx, ctx.actor, input)),
  close: can('queries.close')
    .input(input.actInput)
    .mutation(({ ctx, input }) => query.closeQuery(ctx.tx, ctx.actor, input)),
  reopen: can('queries.reopen')
    .input(input.reasonInput)
    .mutation(({ ctx, input }) => query.reopenQuery(ctx.tx, ctx.actor, input))
});

export const requestsRouter = router({
  list: can('requests.view')
    .input(input.listRequestsInput)
    .query(({ ctx, input }) => listRequests(ctx.tx, ctx.actor, input)),
  byId: can('requests.view')
    .input(input.idInput)
    .query(({ ctx, input }) => requestById(ctx.tx, ctx.actor, input.id)),
  types: can('requests.view')
    .input(input.requestTypesInput)
    .query(({ ctx, input }) => listRequestTypes(ctx.tx, input)),
  open: can('requests.create')
    .input(input.openRequestInput)
    .mutation(({ ctx, input }) => openRequest(ctx.tx, ctx.actor, input)),
  update: can('requests.edit')
    .input(input.updateRequestInput)
    .mutation(({ ctx, input }) => request.updateRequest(ctx.tx, ctx.actor, input)),
  check: can('requests.edit')
    .input(input.checkStepInput)
    .mutation(({ ctx, input }) => request.checkStep(ctx.tx, ctx.actor, input)),
  assign: can('requests.assign')
    .input(input.assignRequestInput)
    .mutation(({ ctx, input }) => assignRequests(ctx.tx, ctx.actor, input)),
  takeNext: can('requests.takeNext')
    .input(input.takeNextInput)
    .mutation(({ ctx, input }) => takeNextRequest(ctx.tx, ctx.actor, input)),
  start: can('requests.start')
    .input(input.actInput)
    .mutation(({ ctx, input }) => request.startRequest(ctx.tx, ctx.actor, input)),
  wait: can('requests.wait')
    .input(input.waitInput)
    .mutation(({ ctx, input }) => request.waitOnRequest(ctx.tx, ctx.actor, input)),
  resume: can('requests.wait')
    .input(input.actInput)
    .mutation(({ ctx, input }) => request.resumeRequest(ctx.tx, ctx.actor, input)),
  complete: can('requests.complete')
    .input(input.completeRequestInput)
    .mutation(({ ctx, input }) => request.completeRequest(ctx.tx, ctx.actor, input)),
  reject: can('requests.reject')
    .input(input.reasonInput)
    .mutation(({ ctx, input }) => request.rejectRequest(ctx.tx, ctx.actor, input)),
  reopen: can('requests.reopen')
    .input(input.reasonInput)
    .mutation(({ ctx, input }) => request.reopenRequest(ctx.tx, ctx.actor, input))
});

export const commentsRouter = router({
  list: can('comments.view')
    .input(input.listCommentsInput)
    .query(({ ctx, input }) => listComments(ctx.tx, input)),
  add: can('comments.create')
    .input(input.addCommentInput)
    .mutation(({ ctx, input }) => addComment(ctx.tx, ctx.actor, input))
});
