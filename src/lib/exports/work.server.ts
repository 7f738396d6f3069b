import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { listQueriesInput, listRequestsInput } from '#lib/desk/inputs.ts';
import { listQueries } from '#lib/desk/query-reads.server.ts';
import { listRequests } from '#lib/desk/request-reads.server.ts';
import type { ListInteractionsInput } from '#lib/interactions/model.ts';
import { listInteractions } from '#lib/interactions/reads.server.ts';
import type { Source } from './source.server.ts';

export const queriesSource: Source<z.infer<typeof listQueriesInput>> = {
  what: 'queries',
  table: 'queries',
  permission: 'queries.view',
  page: listQueries,
  columns: [
    ['Number', sql`r.number`],
    ['Client number', sql`r.client_number`],
    ['Client', sql`r.client_name`],
    ['Subject', sql`r.subject`],
    ['Details', sql`r.details`],
    ['Status', sql`r.status`],
    ['Priority', sql`r.priority`],
    ['RM', sql`rm.name`],
    ['Team', sql`t.name`],
    ['Waiting on', sql`r.waiting_on`],
    ['Resolution', sql`r.resolution`],
    ['Opened', sql`r.opened_at`, 'time'],
    ['Due', sql`r.due_at`, 'time'],
    ['Resolved', sql`r.resolved_at`, 'time']
  ],
  from: sql`from queries r
    left join users rm on rm.id = r.rm_id
    left join teams t on t.id = r.team_id`
};

export const requestsSource: Source<z.infer<typeof listRequestsInput>> = {
  what: 'requests',
  table: 'service_requests',
  permission: 'requests.view',
  page: listRequests,
  columns: [
    ['Number', sql`r.number`],
    ['Client number', sql`r.client_number`],
    ['Client', sql`r.client_name`],
    ['Type', sql`ty.name`],
    ['Details', sql`r.details`],
    ['Status', sql`r.status`],
    ['Priority', sql`r.priority`],
    ['Assignee', sql`a.name`],
    ['Team', sql`t.name`],
    ['Waiting on', sql`r.waiting_on`],
    ['Rejection reason', sql`r.rejection_reason`],
    ['Created', sql`r.created_at`, 'time'],
    ['Due', sql`r.due_at`, 'time'],
    ['Finished', sql`r.finished_at`, 'time']
  ],
  from: sql`from service_requests r
    left join users a on a.id = r.assignee_id
    left join teams t on t.id = r.team_id
    left join request_types ty on ty.id = r.type_id`
};

export const interactionsSource: Source<ListInteractionsInput> = {
  what: 'interactions',
  table: 'interactions',
  permission: 'interactions.view',
  page: listInteractions,
  columns: [
    ['When', sql`r.occurred_at`, 'time'],
    ['Client number', sql`c.number`],
    ['Client', sql`c.name`],
    ['Who', sql`u.name`],
    ['Purpose', sql`r.purpose`],
    ['Channel', sql`r.channel`],
    ['Direction', sql`r.direction`],
    ['Subject', sql`r.subject`],
    ['Text', sql`r.body`],
    ['Product', sql`p.name`],
    ['Query', sql`q.number`],
    ['Request', sql`s.number`],
    ['Lead', sql`l.number`]
  ],
  from: sql`from interactions r
    left join clients c on c.id = r.client_id
    left join users u on u.id = r.user_id
    left join products p on p.id = r.product_id
    left join queries q on q.id = r.query_id
    left join service_requests s on s.id = r.request_id
    left join leads l on l.id = r.lead_id`
};
