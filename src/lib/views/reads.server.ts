import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { SavedView, ViewModule, Views } from './model.ts';

type Row = Omit<SavedView, 'can'>;

export const teamsOf = (actor: Actor): number[] => [...new Set([...actor.teamIds, ...actor.headedTeamIds])];

/**
 * One's own views of a list in their order, then those shared with one's teams, and where one may share: one
 * statement, since every list asks. Administrators may share with any team.
 */
export async function listViews(tx: Tx, actor: Actor, module: ViewModule): Promise<Views> {
  const mine = idArray(teamsOf(actor));
  const [row] = await tx.execute<{ items: Row[] | null; teams: Views['teams'] | null }>(sql`
    select (
      select json_agg(json_build_object('id', v.id, 'module', v.module, 'name', v.name, 'params', v.params,
          'version', v.version, 'owner', json_build_object('id', u.id, 'name', u.name),
          'team', case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end)
        order by v.owner_id = ${actor.userId} desc, v.position, lower(v.name), v.id)
      from saved_views v join users u on u.id = v.owner_id left join teams t on t.id = v.team_id
      where v.module = ${module} and (v.owner_id = ${actor.userId} or v.team_id = any (${mine}))
    ) as items, (
      select json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name)
      from teams t where t.active and (${actor.seesAll} or t.id = any (${mine}))
    ) as teams`);
  const items = (row?.items ?? []).map((view) => ({ ...view, can: viewFlags(actor, view) }));
  return { items, nextCursor: null, total: items.length, totalIsEstimate: false, teams: row?.teams ?? [] };
}

interface Owned {
  owner: { id: number };
  team: { id: number } | null;
}

/** One changes one's own; heads and administrators also take away what is shared with their teams. */
export function viewFlags(actor: Actor, { owner, team }: Owned) {
  const edit = owner.id === actor.userId;
  const heads = team !== null && (actor.seesAll || actor.headedTeamIds.includes(team.id));
  return { edit, remove: edit || heads };
}
