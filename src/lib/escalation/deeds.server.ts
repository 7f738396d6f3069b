import { sql, type SQL } from 'drizzle-orm';
import { reviseClocksOf } from '#lib/clocks/commands.server.ts';
import { PRIORITIES } from '#lib/desk/model.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { recipientsCtes } from './recipients.server.ts';
import { lockTelling } from './telling.server.ts';
import { isUndone, isUntold, untoldCte } from './untold.server.ts';

/** What a step can pass on: in which column somebody has it, and what he must be allowed to do with it. */
interface Work {
  table: SQL;
  owner: SQL;
  permission: string;
  /** What else changes with a new owner `c.to_id`, who is `u`. */
  moves: SQL;
  hasPriority: boolean;
}

const stays = sql`w.team_id is not null and (
  exists (select 1 from team_members m where m.team_id = w.team_id and m.user_id = u.id)
  or exists (select 1 from teams t where t.id = w.team_id and t.head_id = u.id))`;

const WORK: Record<'query' | 'request' | 'lead', Work> = {
  query: {
    table: sql`queries`,
    owner: sql`rm_id`,
    permission: 'queries.resolve',
    moves: sql`, team_id = case when u.id is null then w.team_id else u.main_team_id end`,
    hasPriority: true
  },
  request: {
    table: sql`service_requests`,
    owner: sql`assignee_id`,
    permission: 'requests.complete',
    moves: sql`, team_id = case when u.id is null or ${stays} then w.team_id
      else coalesce(u.main_team_id, w.team_id) end`,
    hasPriority: true
  },
  lead: {
    table: sql`leads`,
    owner: sql`conversion_rm_id`,
    permission: 'leads.convert',
    moves: sql`, team_id = case when u.id is null then w.team_id else u.main_team_id end,
      status = case when u.id is null then w.status else 'wip' end,
      status_changed_at = case when u.id is null or w.status = 'wip' then w.status_changed_at else now() end`,
    hasPriority: false
  }
};

const RISING = sql.raw(`('{${PRIORITIES.join(',')}}'::text[])`);

/**
 * Changes what steps that were carried out say should change, as system: the work goes to whoever is told first, the
 * priority rises by one. Once for each step: what was done is kept with it in the same transaction. One step of a
 * record at a time, of at most `limit` records of one kind; records that somebody is working on are left for later.
 * Returns how many steps were taken; 0 means that none is left that could be taken now.
 */
export async function doDeeds(tx: Tx, limit: number): Promise<number> {
  await lockTelling(tx);
  for (const kind of ['query', 'request', 'lead', 'client'] as const) {
    const taken = await takeDeeds(tx, kind, limit);
    if (taken.length === 0) continue;
    const ids = sql`e.id = any (${idArray(taken.map(({ id }) => id))})`;
    if (kind !== 'client') await change(tx, kind, ids);
    await tx.execute(sql`update escalations e set did = '{}' where ${ids} and e.did is null`);
    return taken.length;
  }
  return 0;
}

/** The first step of each record that has something to change, with the record locked. Never waits for a record. */
async function takeDeeds(
  tx: Tx,
  kind: keyof typeof WORK | 'client',
  limit: number
): Promise<{ id: number }[]> {
  const table = kind === 'client' ? sql`clients` : WORK[kind].table;
  const rows = await tx.execute<{ id: number }>(sql`
    with first as materialized (
      select distinct on (k.subject_id) e.id, k.subject_id
      from escalations e
      join clocks k on k.id = e.clock_id
      where ${isUntold} and ${isUndone} and k.subject_kind = ${kind}
      order by k.subject_id, e.id)
    select f.id::int as id from first f join ${table} w on w.id = f.subject_id
    order by w.id limit ${limit} for update of w skip locked`);
  return [...rows];
}

async function change(tx: Tx, kind: keyof typeof WORK, which: SQL): Promise<void> {
  const { table, owner, permission, moves, hasPriority } = WORK[kind];
  const raised = hasPriority
    ? sql`case when 'raise_priority' = any (r.does) then ${RISING}[array_position(${RISING}, w.priority) + 1] end`
    : sql`null::text`;
  const changed = await tx.execute<{ id: number }>(sql`
    with ${untoldCte(which)}, ${recipientsCtes},
    chosen as materialized (
      select r.escalation_id, r.subject_id, r.owner_id as from_id, p.id as to_id, ${raised} as priority_to
      from rungs r
      join ${table} w on w.id = r.subject_id
      left join recipients g on g.escalation_id = r.escalation_id and r.rung <> 'administrators'
      left join people p on p.id = g.user_id and p.here and p.id is distinct from r.owner_id
        and 'reassign' = any (r.does) and exists (
          select 1 from users v join role_grants a on a.role_id = v.role_id
          where v.id = p.id and a.permission = ${permission})
      where r.open),
    noted as (
      update escalations e set did = jsonb_strip_nulls(jsonb_build_object(
        'assignee', case when c.to_id is not null then jsonb_build_object('from', c.from_id, 'to', c.to_id) end,
        'priority', case when c.priority_to is not null then
          jsonb_build_object('from', ${hasPriority ? sql`w.priority` : sql`null::text`}, 'to', c.priority_to) end))
      from chosen c join ${table} w on w.id = c.subject_id
      where e.id = c.escalation_id)
    update ${table} w set ${owner} = coalesce(c.to_id, w.${owner})
      ${hasPriority ? sql`, priority = coalesce(c.priority_to, w.priority)` : sql``} ${moves},
      updated_at = now(), version = w.version + 1
    from chosen c left join users u on u.id = c.to_id
    where w.id = c.subject_id and (c.to_id is not null or c.priority_to is not null)
    returning w.id::int as id`);
  if (kind !== 'lead' && changed.length > 0)
    await reviseClocksOf(
      tx,
      kind,
      changed.map(({ id }) => id)
    );
}
