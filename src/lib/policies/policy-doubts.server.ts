import { sql } from 'drizzle-orm';
import { policies } from '#lib/clocks/policy-schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { hiddenBehind } from './criteria.ts';

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
