import type { Sql } from 'postgres';

interface User {
  id: number;
  active: boolean;
  level: number;
}

interface Row {
  id: number;
  [column: string]: unknown;
}

export const KINDS = ['clients', 'leads', 'queries', 'service_requests', 'interactions', 'holdings'] as const;
export type RecordKind = (typeof KINDS)[number];

export interface World {
  users: User[];
  members: { team: number; user: number }[];
  teams: { id: number; head: number | null }[];
  records: Record<RecordKind, Row[]>;
}

/** Everything there is, read by the superuser, for whom no policy holds. */
export async function readWorld(sql: Sql): Promise<World> {
  const rows = async (kind: RecordKind) =>
    [kind, [...(await sql<Row[]>`select * from ${sql(kind)}`)]] as const;
  return {
    users: [
      ...(await sql<
        User[]
      >`select u.id::int, u.active, r.level from users u join roles r on r.id = u.role_id order by 1`)
    ],
    members: [
      ...(await sql<World['members']>`select team_id::int as team, user_id::int as user from team_members`)
    ],
    teams: [...(await sql<World['teams']>`select id::int, head_id::int as head from teams`)],
    records: Object.fromEntries(await Promise.all(KINDS.map(rows))) as World['records']
  };
}

const idIn = (ids: Set<number>, value: unknown) => value !== null && ids.has(Number(value));

/** Who sees what, as the table of product.md says it, in plain words and loops. */
export function visibleTo(user: User, { members, teams, records }: World): Record<RecordKind, number[]> {
  const everything = user.active && user.level === 0;
  const headed = new Set(teams.filter(({ head }) => head === user.id && user.level <= 1).map(({ id }) => id));
  const mine = new Set([...headed, ...members.filter((one) => one.user === user.id).map(({ team }) => team)]);
  const people = new Set([user.id, ...members.filter(({ team }) => headed.has(team)).map((one) => one.user)]);

  const worked = (row: Row, owner: string, unfinished: string[]) =>
    unfinished.includes(String(row.status)) &&
    (row[owner] === null ? idIn(mine, row.team_id) : idIn(people, row[owner]));
  const throughWork = new Set([
    ...records.service_requests
      .filter((row) => worked(row, 'assignee_id', ['pending', 'in_progress']))
      .map((row) => Number(row.client_id)),
    ...records.queries
      .filter((row) => worked(row, 'rm_id', ['open', 'in_progress']))
      .map((row) => Number(row.client_id))
  ]);
  const client = (row: Row) =>
    idIn(people, row.primary_rm_id) || idIn(people, row.secondary_rm_id) || throughWork.has(Number(row.id));
  const seenClients = new Set(records.clients.filter(client).map(({ id }) => Number(id)));
  const ofSeenClient = (row: Row) => idIn(seenClients, row.client_id);
  const actor = new Set([user.id]);

  const rules: Record<RecordKind, (row: Row) => boolean> = {
    clients: client,
    leads: (row) =>
      idIn(people, row.conversion_rm_id) ||
      idIn(people, row.obtained_by_id) ||
      (row.conversion_rm_id === null && idIn(headed, row.team_id)),
    queries: (row) => idIn(people, row.rm_id) || ofSeenClient(row),
    service_requests: (row) =>
      user.level === 1 || idIn(people, row.assignee_id) || idIn(mine, row.team_id) || ofSeenClient(row),
    interactions: (row) => ofSeenClient(row) || idIn(actor, row.user_id) || idIn(actor, row.logged_by_id),
    holdings: (row) => ofSeenClient(row) || idIn(actor, row.created_by_id)
  };
  const seen = (kind: RecordKind) =>
    records[kind]
      .filter((row) => everything || (user.active && rules[kind](row)))
      .map(({ id }) => Number(id));
  return Object.fromEntries(KINDS.map((kind) => [kind, seen(kind).sort((a, b) => a - b)])) as Record<
    RecordKind,
    number[]
  >;
}
