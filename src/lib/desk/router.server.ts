import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { addComment } from './comment-commands.server.ts';
import { listComments, mentionableColleagues } from './comment-reads.server.ts';
import * as input from './inputs.ts';
import * as query from './query-commands.server.ts';
import { openQuery } from './query-opening.server.ts';
import { listQueries, queryBoard, queryById } from './query-reads.server.ts';
import { assignRequests, takeNextRequest } from './request-assigning.server.ts';
import * as request from './request-commands.server.ts';
import { openRequest } from './request-opening.server.ts';
import { listRequests, requestBoard, requestById } from './request-reads.server.ts';
import { createType, moveType, removeType, updateType } from './type-commands.server.ts';
import * as types from './type-inputs.ts';
import { listRequestTypes, typeById, typesInUse } from './type-reads.server.ts';

export const queriesRouter = router({
  list: can('queries.view')
    .input(input.listQueriesInput)
    .query(({ ctx, input }) => listQueries(ctx.tx, ctx.actor, input)),
  board: can('queries.view')
    .input(input.queryBoardInput)
    .query(({ ctx, input }) => queryBoard(ctx.tx, ctx.actor, input)),
  byId: can('queries.view')
    .input(input.idInput)
    .query(({ ctx, input }) => queryById(ctx.tx, ctx.actor, input.id)),
  open: can('queries.create')
    .input(input.openQueryInput)
    .mutation(({ ctx, input }) => openQuery(ctx.tx, ctx.actor, input)),
  update: can('queries.edit')
    .input(input.updateQueryInput)
    .mutation(({ ctx, input }) => query.updateQuery(ctx.tx, ctx.actor, input)),
  prioritise: can('queries.edit')
    .input(input.prioritiseInput)
    .mutation(({ ctx, input }) => query.prioritiseQueries(ctx.tx, ctx.actor, input)),
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
  board: can('requests.view')
    .input(input.requestBoardInput)
    .query(({ ctx, input }) => requestBoard(ctx.tx, ctx.actor, input)),
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
  prioritise: can('requests.edit')
    .input(input.prioritiseInput)
    .mutation(({ ctx, input }) => request.prioritiseRequests(ctx.tx, ctx.actor, input)),
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

export const requestTypesRouter = router({
  list: can('admin.lists')
    .input(types.listTypesInput)
    .query(({ ctx, input }) => typesInUse(ctx.tx, input)),
  byId: can('admin.lists')
    .input(types.typeIdInput)
    .query(({ ctx, input }) => typeById(ctx.tx, input.id)),
  create: can('admin.lists')
    .input(types.createTypeInput)
    .mutation(({ ctx, input }) => createType(ctx.tx, input)),
  update: can('admin.lists')
    .input(types.updateTypeInput)
    .mutation(({ ctx, input }) => updateType(ctx.tx, input)),
  move: can('admin.lists')
    .input(types.moveTypeInput)
    .mutation(({ ctx, input }) => moveType(ctx.tx, input)),
  remove: can('admin.lists')
    .input(types.typeIdInput)
    .mutation(({ ctx, input }) => removeType(ctx.tx, input.id))
});

export const commentsRouter = router({
  list: can('comments.view')
    .input(input.listCommentsInput)
    .query(({ ctx, input }) => listComments(ctx.tx, ctx.actor, input)),
  mentionable: can('comments.create')
    .input(input.mentionableInput)
    .query(({ ctx, input }) => mentionableColleagues(ctx.tx, ctx.actor, input)),
  add: can('comments.create')
    .input(input.addCommentInput)
    .mutation(({ ctx, input }) => addComment(ctx.tx, ctx.actor, input))
});
