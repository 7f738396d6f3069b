import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { pageOf } from './model.ts';

const SHOWN = 200;

interface Row extends Record<string, unknown> {
  id: number;
  kind: 'warning' | 'breach' | 'escalation';
  subjectKind: string;
  subjectId: number;
  target: string;
  number: string;
  what: string;
  owner: string | null;
  dueAt: Date | null;
  over: boolean;
}

/**
 * The promises of which one message of the person told, as they stand now, the most urgent first; those he no longer
 * sees are left out. What is told together is told at one moment.
 */
export async function promisesOf(tx: Tx, userId: number, notificationId: number) {
  const rows = await tx.execute<Row>(sql`
    with latest as (
      select distinct on (e.clock_id) e.*
      from notifications n join escalations e on e.told_at = n.created_at and e.told_user_ids @> array[n.user_id]
      where n.id = ${notificationId} and n.user_id = ${userId}
      order by e.clock_id, e.id desc)
    select e.id::int as id, e.kind, k.subject_kind as "subjectKind", k.subject_id::int as "subjectId", k.target, w.number,
      w.what, u.name as owner, k.due_at as "dueAt", k.state not in ('running', 'paused') as over
    from latest e
    join clocks k on k.id = e.clock_id
    cross join lateral (
      select q.number, q.subject || ', ' || q.client_name as what, q.rm_id as owner_id
      from queries q where k.subject_kind = 'query' and q.id = k.subject_id
      union all
      select r.number, t.name || ', ' || r.client_name, r.assignee_id
      from service_requests r join request_types t on t.id = r.type_id
      where k.subject_kind = 'request' and r.id = k.subject_id
      union all
      select l.number, l.name, l.conversion_rm_id from leads l where k.subject_kind = 'lead' and l.id = k.subject_id
      union all
      select c.number, c.name, c.primary_rm_id from clients c where k.subject_kind = 'client' and c.id = k.subject_id) w
    left join users u on u.id = w.owner_id
    order by over, array_position(array['escalation', 'breach', 'warning'], e.kind), k.due_at, e.id
    limit ${SHOWN}`);
  return rows.map(({ dueAt, ...row }) => ({
    ...row,
    dueAt: dueAt && new Date(dueAt),
    page: pageOf({ id: row.subjectId, subjectKind: row.subjectKind, subjectId: row.subjectId }) ?? '/'
  }));
}
