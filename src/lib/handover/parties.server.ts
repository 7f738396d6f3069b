import { sql } from 'drizzle-orm';
import { mustReach } from '#lib/people/colleague.server.ts';
import { may, type Actor, type Grants } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { PART_PERMISSIONS, type HandoverPlan } from './model.ts';

/** Somebody who gives or takes over. */
export interface Party {
  id: number;
  name: string;
  active: boolean;
  /** Day of return, while he is on leave today. */
  leaveUntil: string | null;
  onLeave: boolean;
  substitute: string | null;
  role: string;
  grants: Grants;
  mainTeamId: number | null;
  teamIds: number[];
  team: string | null;
  function: 'rm' | 'ops' | null;
  /** Heads of the teams he belongs to. */
  heads: { id: number; name: string }[];
}

/** Teams, role and leave of these people, in the firm's today. Throws NotFound where one of them does not exist. */
export async function partiesOf(tx: Tx, ids: number[]): Promise<Map<number, Party>> {
  const rows = await tx.execute<{ party: Party }>(sql`
    with today as materialized (
      select (now() at time zone coalesce(max(time_zone), 'Asia/Kolkata'))::date as day from firm_settings)
    select jsonb_build_object('id', u.id, 'name', u.name, 'active', u.active, 'leaveUntil', u.leave_to,
      'onLeave', coalesce(u.leave_from <= today.day and coalesce(u.leave_to, 'infinity') >= today.day, false),
      'substitute', (select s.name from users s where s.id = u.substitute_id),
      'role', r.name, 'mainTeamId', u.main_team_id, 'team', m.name, 'function', m.function,
      'grants', (select coalesce(jsonb_object_agg(g.permission, g.scope), '{}') from role_grants g where g.role_id = r.id),
      'teamIds', (select coalesce(jsonb_agg(t.team_id), '[]') from team_members t where t.user_id = u.id),
      'heads', (select coalesce(jsonb_agg(distinct jsonb_build_object('id', h.id, 'name', h.name)), '[]')
        from team_members t join teams on teams.id = t.team_id join users h on h.id = teams.head_id and h.active
        where t.user_id = u.id)) as party
    from users u cross join today join roles r on r.id = u.role_id left join teams m on m.id = u.main_team_id
    where u.id = any (${`{${ids.join(',')}}`}::bigint[])`);
  const parties = new Map(rows.map(({ party }) => [party.id, party]));
  if (parties.size < new Set(ids).size) throw new NotFound();
  return parties;
}

/** Giver and receivers, all of them people whose work the actor may hand over. */
export async function partiesFor(
  tx: Tx,
  actor: Actor,
  { fromId, toIds, parts }: HandoverPlan
): Promise<{ from: Party; receivers: Party[] }> {
  const parties = await partiesOf(tx, [fromId, ...toIds]);
  for (const permission of new Set(parts.map((part) => PART_PERMISSIONS[part]))) {
    if (!may(actor, permission)) throw new Forbidden();
    for (const id of [fromId, ...toIds]) mustReach(actor, permission, id);
  }
  if (toIds.includes(fromId))
    throw new RuleViolation('Choose somebody else to take over', { field: 'toIds' });
  const party = (id: number) => {
    const found = parties.get(id);
    if (!found) throw new NotFound();
    return found;
  };
  return { from: party(fromId), receivers: [...new Set(toIds)].map(party) };
}
