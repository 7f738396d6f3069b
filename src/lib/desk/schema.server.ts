import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import {
  createdAt,
  humanNumber,
  identity,
  instant,
  oneOf,
  reference,
  version
} from '#lib/platform/db/columns.server.ts';
import {
  allOf,
  anyOf,
  clientVisible,
  granted,
  inPeople,
  inTeams,
  isActor,
  visibleBy
} from '#lib/platform/db/policies.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import type { Mention } from './mentions.ts';
import { PRIORITIES, QUERY_STATUSES, REQUEST_STATUSES, WAITING_ON, WAITING_PARTIES } from './model.ts';
import type { FilledField, RequestField } from './request-fields.ts';

/** One step of a request's checklist. */
export interface ChecklistItem {
  label: string;
  done: boolean;
}

export const requestTypes = pgTable(
  'request_types',
  {
    id: identity(),
    key: text().notNull().unique(),
    name: text().notNull(),
    /** Promised turnaround in working days; the policy in force decides. */
    defaultTatDays: integer().notNull(),
    defaultTeamId: reference().references(() => teams.id, { onDelete: 'set null' }),
    checklist: jsonb().$type<string[]>().notNull().default([]),
    /** What a request of this type asks for beside its details. */
    fields: jsonb().$type<RequestField[]>().notNull().default([]),
    active: boolean().notNull().default(true),
    position: integer().notNull().default(0),
    version: version()
  },
  () =>
    visibleBy('request_types', {
      read: sql.raw('(select app.acting_user_id()) is not null'),
      change: granted('admin.lists'),
      remove: granted('admin.lists')
    })
);

/** The client's name and number as the desk shows them, also to those who do not see the client; kept by triggers. */
const clientLabel = () => ({
  clientId: reference()
    .notNull()
    .references(() => clients.id, { onDelete: 'restrict' }),
  clientName: text().notNull().default(''),
  clientNumber: text().notNull().default('')
});

const waiting = () => ({
  waitingOn: text({ enum: WAITING_ON }),
  /** Which third party has it. */
  waitingParty: text({ enum: WAITING_PARTIES }),
  waitingWhy: text(),
  /** When the running promise falls due; kept by a trigger on clocks, null while paused. */
  dueAt: instant()
});

/** Places in an order, as numbers that lists sort by through an index. */
const ranks = (statuses: readonly string[]) => ({
  priorityRank: smallint().notNull().generatedAlwaysAs(rankOf('priority', PRIORITIES)),
  statusRank: smallint().notNull().generatedAlwaysAs(rankOf('status', statuses))
});

const rankOf = (column: string, values: readonly string[]) =>
  sql.raw(`case ${column} ${values.map((value, n) => `when '${value}' then ${n}`).join(' ')} else -1 end`);

const searchText = (subject: string) =>
  sql.raw(`app.work_search_text(number, client_name, client_number, ${subject}) gin_trgm_ops`);

/** A client's question. */
export const queries = pgTable(
  'queries',
  {
    id: identity(),
    number: humanNumber('QR'),
    ...clientLabel(),
    rmId: reference().references(() => users.id),
    teamId: reference().references(() => teams.id),
    subject: text().notNull(),
    details: text(),
    priority: text({ enum: PRIORITIES }).notNull().default('normal'),
    status: text({ enum: QUERY_STATUSES }).notNull().default('open'),
    ...waiting(),
    ...ranks(QUERY_STATUSES),
    resolution: text(),
    openedAt: createdAt(),
    firstRespondedAt: instant(),
    /** When it was taken up, or answered at once. */
    startedAt: instant(),
    resolvedAt: instant(),
    closedAt: instant(),
    createdById: reference().references(() => users.id),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    index('queries_number').on(t.number),
    oneOf('queries_status', t.status, QUERY_STATUSES),
    oneOf('queries_priority', t.priority, PRIORITIES),
    oneOf('queries_waiting', t.waitingOn, WAITING_ON),
    oneOf('queries_waiting_party', t.waitingParty, WAITING_PARTIES),
    check(
      'queries_resolution',
      sql`${t.status} not in ('resolved', 'closed') or ${t.resolution} is not null`
    ),
    index('queries_client').on(t.clientId, t.openedAt.desc()),
    index('queries_rm').on(t.rmId, t.openedAt.desc(), t.id.desc()),
    index('queries_opened').on(t.openedAt.desc(), t.id.desc()),
    index('queries_by_due').on(t.dueAt, t.id),
    index('queries_by_priority').on(t.priorityRank.desc(), t.id.desc()),
    index('queries_by_status').on(t.statusRank, t.id),
    index('queries_by_client').on(t.clientName, t.id),
    // The columns of a board: what is due first, what was finished last.
    index('queries_column_due').on(t.status, t.dueAt, t.id),
    index('queries_column_newest').on(t.status, t.openedAt.desc(), t.id.desc()),
    index('queries_search').using('gin', searchText('subject')),
    index('queries_due').on(t.dueAt).where(sql.raw(`status in ('open', 'in_progress')`)),
    index('queries_team').on(t.teamId).where(sql.raw('rm_id is null')),
    ...visibleBy('queries', {
      read: anyOf(
        inPeople('rm_id'),
        allOf(sql.raw('rm_id is null'), inTeams('team_id')),
        clientVisible('queries.client_id')
      )
    })
  ]
);

/** A client's instruction for operations. */
export const serviceRequests = pgTable(
  'service_requests',
  {
    id: identity(),
    number: humanNumber('SR'),
    ...clientLabel(),
    typeId: reference()
      .notNull()
      .references(() => requestTypes.id),
    details: text(),
    priority: text({ enum: PRIORITIES }).notNull().default('normal'),
    status: text({ enum: REQUEST_STATUSES }).notNull().default('pending'),
    ...waiting(),
    assigneeId: reference().references(() => users.id),
    teamId: reference().references(() => teams.id),
    ...ranks(REQUEST_STATUSES),
    checklist: jsonb().$type<ChecklistItem[]>().notNull().default([]),
    /** The fields of the type as they were when it was opened, with what was given. */
    fields: jsonb().$type<FilledField[]>().notNull().default([]),
    outcome: text(),
    rejectionReason: text(),
    createdById: reference().references(() => users.id),
    createdAt: createdAt(),
    startedAt: instant(),
    finishedAt: instant(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    index('service_requests_number').on(t.number),
    oneOf('service_requests_status', t.status, REQUEST_STATUSES),
    oneOf('service_requests_priority', t.priority, PRIORITIES),
    oneOf('service_requests_waiting', t.waitingOn, WAITING_ON),
    oneOf('service_requests_waiting_party', t.waitingParty, WAITING_PARTIES),
    check('service_requests_reason', sql`${t.status} <> 'rejected' or ${t.rejectionReason} is not null`),
    index('service_requests_client').on(t.clientId, t.createdAt.desc()),
    index('service_requests_assignee').on(t.assigneeId, t.createdAt.desc(), t.id.desc()),
    index('service_requests_team').on(t.teamId, t.createdAt.desc(), t.id.desc()),
    index('service_requests_created').on(t.createdAt.desc(), t.id.desc()),
    index('service_requests_by_due').on(t.dueAt, t.id),
    index('service_requests_by_priority').on(t.priorityRank.desc(), t.id.desc()),
    index('service_requests_by_status').on(t.statusRank, t.id),
    index('service_requests_by_client').on(t.clientName, t.id),
    index('service_requests_column_due').on(t.status, t.dueAt, t.id),
    index('service_requests_column_newest').on(t.status, t.createdAt.desc(), t.id.desc()),
    index('service_requests_search').using('gin', searchText('null')),
    index('service_requests_due').on(t.dueAt).where(sql.raw(`status in ('pending', 'in_progress')`)),
    index('service_requests_queue')
      .on(t.teamId, t.dueAt, t.id)
      .where(sql.raw(`status = 'pending' and assignee_id is null`)),
    ...visibleBy('service_requests', {
      read: anyOf(
        sql.raw('(select app.is_head())'),
        inPeople('assignee_id'),
        inTeams('team_id'),
        clientVisible('service_requests.client_id')
      ),
      change: anyOf(inPeople('assignee_id'), inTeams('team_id'), clientVisible('service_requests.client_id')),
      add: anyOf(clientVisible('service_requests.client_id'), sql.raw('(select app.opens_for_anybody())'))
    })
  ]
);

/** What colleagues say to each other about a query or a request. */
export const comments = pgTable(
  'comments',
  {
    id: identity(),
    subjectKind: text({ enum: ['query', 'request'] }).notNull(),
    subjectId: reference().notNull(),
    authorId: reference()
      .notNull()
      .references(() => users.id),
    body: text().notNull(),
    /** The colleagues it names, and whether they were told. */
    mentions: jsonb().$type<Mention[]>().notNull().default([]),
    createdAt: createdAt()
  },
  (t) => [
    oneOf('comments_subject', t.subjectKind, ['query', 'request']),
    index('comments_by_subject').on(t.subjectKind, t.subjectId, t.id),
    ...visibleBy('comments', {
      read: sql.raw(
        `case subject_kind when 'query' then exists (select 1 from queries v where v.id = subject_id) else exists (select 1 from service_requests v where v.id = subject_id) end`
      ),
      change: null,
      add: isActor('author_id')
    })
  ]
);
