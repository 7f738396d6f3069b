import { sql, type SQL } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import type { Subject, SubjectKind, SubjectRef } from './model.ts';
import { jsonRows } from './rows.server.ts';

const tier = sql`(select c.tier from clients c where c.id = s.client_id)`;

/** Where what a policy looks at is found; the tables of work belong to domains that stand on this one. */
const SOURCES: Record<SubjectKind, SQL> = {
  query: sql`select s.id, s.client_id, null::bigint as request_type_id, s.priority, ${tier} as tier, s.team_id
    from queries s`,
  request: sql`select s.id, s.client_id, s.type_id as request_type_id, s.priority, ${tier} as tier, s.team_id
    from service_requests s`,
  lead: sql`select s.id, s.client_id, null::bigint as request_type_id, null as priority, ${tier} as tier, s.team_id
    from leads s`,
  client: sql`select s.id, s.id as client_id, null::bigint as request_type_id, null as priority, s.tier,
      (select u.main_team_id from users u where u.id = s.primary_rm_id) as team_id
    from clients s`
};

/** The records of a kind as rows `s`, as far as the reader sees them. */
export const sourceOf = (kind: SubjectKind): SQL => sql`(${SOURCES[kind]}) s`;

/**
 * What a policy may look at, of many records at once, as far as the reader sees them: type, priority, the client's
 * tier and tags, the team (of a client: the main team of who looks after him). By id; what is hidden or gone is missing.
 */
export async function readSubjects(tx: Tx, kind: SubjectKind, ids: number[]): Promise<Map<number, Subject>> {
  const rows = await jsonRows<Omit<Subject, 'kind'>>(
    tx,
    sql`select json_build_object('id', s.id, 'clientId', s.client_id, 'requestTypeId', s.request_type_id,
        'priority', s.priority, 'clientTier', s.tier, 'teamId', s.team_id,
        'clientTags', (select coalesce(json_agg(g.tag), '[]'::json) from client_tags g
          where g.client_id = s.client_id)) as row
      from (${SOURCES[kind]}
        where s.id = any (${idArray(ids)})) s`
  );
  return new Map(rows.map((row) => [row.id, { kind, ...row }]));
}

/** What a policy may look at, of one record. NotFound where the reader does not see it. */
export async function readSubject(tx: Tx, { kind, id }: SubjectRef): Promise<Subject> {
  const subject = (await readSubjects(tx, kind, [id])).get(id);
  if (!subject) throw new NotFound();
  return subject;
}
