import { z } from 'zod';
import {
  COMMENT_SUBJECTS,
  PRIORITIES,
  QUERY_STATUSES,
  REQUEST_STATUSES,
  WAITING_ON,
  WAITING_PARTIES
} from './model.ts';

const id = z.number().int().positive();
const version = z.number().int().positive();
const text = (length: number) => z.string().trim().max(length);
const needed = (length: number, message: string) => text(length).min(1, message);
const details = text(10_000).nullish();
const reason = needed(1000, 'Please give a reason');
const direction = z.enum(['asc', 'desc']).optional();
const paging = {
  cursor: z.string().max(500).optional(),
  limit: z.number().int().min(1).max(100).optional()
};

const DESK_SORTS = ['due', 'created', 'priority', 'status', 'client'] as const;
export const QUERY_SORTS = [...DESK_SORTS, 'subject', 'rm'] as const;
export const REQUEST_SORTS = [...DESK_SORTS, 'type', 'assignee'] as const;
export type DeskSort = (typeof DESK_SORTS)[number];

/** Unfinished work whose promise has passed, or passes today or before the week ends, by the firm's days. */
export const DUE = ['overdue', 'today', 'week'] as const;
export type Due = (typeof DUE)[number];

const deskFilter = {
  /** A number, or part of the client's name or number (for queries also of the subject); at most 1,000 are found. */
  q: text(100).optional(),
  clientId: id.optional(),
  priority: z.array(z.enum(PRIORITIES)).max(PRIORITIES.length).optional(),
  teamId: id.optional(),
  /** `nobody` finds what is with us. */
  waitingOn: z.enum([...WAITING_ON, 'nobody']).optional(),
  /** Unfinished, and its promise has passed. */
  overdue: z.boolean().optional(),
  due: z.enum(DUE).optional(),
  /** Unfinished, and overdue since this moment, or since before it. */
  overdueFrom: z.date().optional(),
  overdueBefore: z.date().optional(),
  /** Unfinished, and a breach or an escalation was told of since this moment. */
  escalatedFrom: z.date().optional(),
  /** Assigned to whoever asks. */
  mine: z.boolean().optional(),
  /** With the people or teams of whoever asks, or of a client of theirs. */
  people: z.boolean().optional()
};

/** An action on one record; `version`, where given, must be the present one. */
export const actInput = z.strictObject({ id, version: version.optional() });
export const idInput = z.strictObject({ id });
export const reasonInput = actInput.extend({ reason });
export const waitInput = reasonInput.extend({
  waitingOn: z.enum(WAITING_ON),
  /** Which third party has it. */
  waitingParty: z.enum(WAITING_PARTIES).nullish()
});

const queryFilter = z.strictObject({
  ...deskFilter,
  rmId: id.optional(),
  status: z.array(z.enum(QUERY_STATUSES)).max(4).optional()
});

export const listQueriesInput = z.strictObject({
  filter: queryFilter.optional(),
  sort: z.strictObject({ by: z.enum(QUERY_SORTS), direction }).optional(),
  ...paging
});

/** `status` narrows the columns. */
export const queryBoardInput = z.strictObject({ filter: queryFilter.optional() });

export const openQueryInput = z.strictObject({
  clientId: id,
  subject: needed(200, 'Please say what it is about'),
  details,
  priority: z.enum(PRIORITIES).optional(),
  /** The client's primary relationship manager when left out. */
  rmId: id.nullish()
});

export const updateQueryInput = z.strictObject({
  id,
  version,
  subject: needed(200, 'Please say what it is about').optional(),
  details,
  priority: z.enum(PRIORITIES).optional()
});

export const assignQueryInput = z.strictObject({
  id: id.optional(),
  ids: z.array(id).min(1).max(200).optional(),
  version: version.optional(),
  rmId: id
});

export const resolveQueryInput = actInput.extend({
  resolution: needed(10_000, 'Please say how it was resolved')
});

const requestFilter = z.strictObject({
  ...deskFilter,
  assigneeId: id.optional(),
  unassigned: z.boolean().optional(),
  typeId: id.optional(),
  status: z.array(z.enum(REQUEST_STATUSES)).max(4).optional()
});

export const listRequestsInput = z.strictObject({
  filter: requestFilter.optional(),
  sort: z.strictObject({ by: z.enum(REQUEST_SORTS), direction }).optional(),
  ...paging
});

/** `status` narrows the columns. */
export const requestBoardInput = z.strictObject({ filter: requestFilter.optional() });

/** Values of the type's own fields by key; dates as `2026-11-21`, amounts as decimals, `yes` or `no`. */
const fields = z.record(text(60), text(1000).nullish());

export const openRequestInput = z.strictObject({
  clientId: id,
  typeId: id,
  details,
  priority: z.enum(PRIORITIES).optional(),
  /** The team of the type when left out. */
  teamId: id.nullish(),
  assigneeId: id.nullish(),
  fields: fields.optional()
});

export const updateRequestInput = z.strictObject({
  id,
  version,
  details,
  priority: z.enum(PRIORITIES).optional(),
  /** All of them when given; those left out are emptied. */
  fields: fields.optional()
});

/** A new priority for many at once; those that are finished already are refused. */
export const prioritiseInput = z.strictObject({
  ids: z.array(id).min(1).max(200),
  priority: z.enum(PRIORITIES)
});

/** To a person, or back into a team's queue with `assigneeId: null`. */
export const assignRequestInput = z.strictObject({
  id: id.optional(),
  ids: z.array(id).min(1).max(200).optional(),
  version: version.optional(),
  assigneeId: id.nullish(),
  teamId: id.optional()
});

export const takeNextInput = z.strictObject({ teamId: id.optional() });
export const completeRequestInput = actInput.extend({ outcome: text(10_000).nullish() });
/** `step` counts from 0. */
export const checkStepInput = actInput.extend({ step: z.number().int().min(0).max(99), done: z.boolean() });
export const requestTypesInput = z.strictObject({ all: z.boolean().optional() });

/** Colleagues whose name begins like `q`, and whether they may see the record. */
export const mentionableInput = z.strictObject({
  subjectKind: z.enum(COMMENT_SUBJECTS),
  subjectId: id,
  q: text(40).optional()
});

export const listCommentsInput = z.strictObject({
  filter: z.strictObject({ subjectKind: z.enum(COMMENT_SUBJECTS), subjectId: id }),
  ...paging
});

export const addCommentInput = z.strictObject({
  subjectKind: z.enum(COMMENT_SUBJECTS),
  subjectId: id,
  body: needed(10_000, 'Please write something')
});
