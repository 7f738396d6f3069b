import { sql, type SQL } from 'drizzle-orm';
import { SUBJECT_KINDS, type SubjectKind } from '#lib/clocks/model.ts';
import { policies } from '#lib/clocks/policy-schema.server.ts';
import { sourceOf } from '#lib/clocks/subjects.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { hiddenBehind } from './criteria.ts';
import { OPEN } from './lacking.server.ts';

/** Policies that are never reached, each with the earlier one that takes everything from it. */
export async function hiddenNow(tx: Tx): Promise<{ id: number; name: string; behind: number }[]> {
  const all = await tx.select().from(policies).orderBy(policies.position, policies.id);
  const hidden = hiddenBehind(all);
  return all.flatMap(({ id, name }) => {
    const behind = hidden.get(id);
    return behind ? [{ id, name, behind: behind.id }] : [];
  });
}

/** The tag that the policy asks for, where no client has it. */
export async function unusedTag(tx: Tx, policyId: number): Promise<string | null> {
  const [row] = await tx.execute<{ tag: string }>(sql`
    select p.client_tag as tag from policies p where p.id = ${policyId} and p.client_tag is not null
      and not exists (select 1 from client_tags g where g.tag = p.client_tag)`);
  return row?.tag ?? null;
}

const fitsOpen = (kind: SubjectKind): SQL => sql`exists (
  select 1 from ${sourceOf(kind)}
  where s.id in (select s.id from ${OPEN[kind]})
    and (p.request_type_id is null or s.request_type_id = p.request_type_id)
    and (p.priority is null or s.priority = p.priority)
    and (p.client_tier is null or s.tier = p.client_tier)
    and (p.team_id is null or s.team_id = p.team_id)
    and (p.client_tag is null
      or exists (select 1 from client_tags g where g.client_id = s.client_id and g.tag = p.client_tag)))`;

/**
 * Of policies `p` in use: no open record is as it asks. Only asked of what looks at clients or teams, since any new
 * record may be of each type and priority, and for those who see all records; false otherwise.
 */
export const fitsNone: SQL = sql`case
  when not p.active or num_nonnulls(p.client_tier, p.client_tag, p.team_id) = 0 or not (select app.sees_all()) then false
  ${sql.join(
    SUBJECT_KINDS.map((kind) => sql`when p.subject_kind = ${kind} then not ${fitsOpen(kind)}`),
    sql` `
  )} end`;
