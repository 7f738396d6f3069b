import { sql, type SQL } from 'drizzle-orm';

/** Carried out, and nobody was told of it yet. */
export const isUntold = sql`e.told_at is null and e.told_user_ids = '{}'`;

/** A step that changes the record, and has not. */
export const isUndone = sql`e.did is null and e.does && array['reassign', 'raise_priority']`;

/**
 * The CTE `untold`: the escalations `e` of clocks `k` that `which` names, with who has the work and what there is to
 * say about it: when the promise was due as the step was carried out, and when it is now. `open` is false where the work
 * was done meanwhile.
 */
export const untoldCte = (which: SQL) => sql`
  untold as materialized (
    select e.id as escalation_id, e.kind, e.clock_id, e.did, k.subject_kind, k.subject_id, k.target,
      coalesce(e.due_at, k.due_at) as due_at, k.due_at as due_now, k.on_date,
      e.tell, e.tell_user_id, e.does,
      w.number, w.what, w.client_name, w.owner_id, w.team_id, w.secondary_id,
      w.open and k.state in ('running', 'paused') as open
    from escalations e
    join clocks k on k.id = e.clock_id
    cross join lateral (${work}) w
    where ${which})`;

const secondary = (clientId: string) =>
  sql.raw(`(select c.secondary_rm_id from clients c where c.id = ${clientId})`);

const work = sql`
  select q.number, q.subject as what, q.client_name, q.rm_id as owner_id, q.team_id,
    ${secondary('q.client_id')} as secondary_id, q.status in ('open', 'in_progress') as open
  from queries q where k.subject_kind = 'query' and q.id = k.subject_id
  union all
  select r.number, t.name, r.client_name, r.assignee_id, r.team_id,
    ${secondary('r.client_id')}, r.status in ('pending', 'in_progress')
  from service_requests r join request_types t on t.id = r.type_id
  where k.subject_kind = 'request' and r.id = k.subject_id
  union all
  select l.number, p.name, l.name, l.conversion_rm_id, l.team_id,
    ${secondary('l.client_id')}, l.status in ('new', 'wip')
  from leads l left join products p on p.id = l.product_id
  where k.subject_kind = 'lead' and l.id = k.subject_id
  union all
  select c.number, null, c.name, c.primary_rm_id, null, c.secondary_rm_id, c.lifecycle = 'active'
  from clients c where k.subject_kind = 'client' and c.id = k.subject_id`;
