import { sql } from 'drizzle-orm';
import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';

/** Whose a clock's record is; the client's people are null where they do not hold it, or the reader does not see the client. */
export interface Holders {
  ownerId: number | null;
  teamId: number | null;
  primaryRmId: number | null;
  secondaryRmId: number | null;
}

/** The record `w` of a clock `k`, and its client `wc` where his points of contact hold it too: of a query, not of a request. */
export const holderTables = sql`
  cross join lateral (
    select q.number, q.rm_id as owner_id, q.team_id, q.client_id from queries q
    where k.subject_kind = 'query' and q.id = k.subject_id
    union all
    select r.number, r.assignee_id, r.team_id, null from service_requests r
    where k.subject_kind = 'request' and r.id = k.subject_id
    union all
    select l.number, l.conversion_rm_id, l.team_id, null from leads l
    where k.subject_kind = 'lead' and l.id = k.subject_id
    union all
    select c.number, c.primary_rm_id, null, c.id from clients c
    where k.subject_kind = 'client' and c.id = k.subject_id) w
  left join clients wc on wc.id = w.client_id`;

export const holdersJson = sql`jsonb_build_object(
  'ownerId', w.owner_id, 'teamId', w.team_id, 'primaryRmId', wc.primary_rm_id,
  'secondaryRmId', wc.secondary_rm_id)`;

/** A team's members share what nobody has taken; what a colleague has is his and his head's. */
export function mayHold(actor: Actor, permission: Permission, holders: Holders): boolean {
  const { ownerId, teamId, primaryRmId, secondaryRmId } = holders;
  const shared = teamId !== null && (ownerId === null || actor.headedTeamIds.includes(teamId));
  return inScope(actor, permission, {
    userIds: [ownerId, primaryRmId, secondaryRmId],
    teamIds: shared ? [teamId] : []
  });
}
