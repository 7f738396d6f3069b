import { eq } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import type { PolicyCriteria } from '#lib/clocks/policies.server.ts';
import { policies } from '#lib/clocks/policy-schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { changing, type Changed } from './changing.server.ts';
import { covers } from './criteria.ts';

const GAP = 10;

/** Puts a policy one place up or down among those of its kind. */
export function movePolicy(
  tx: Tx,
  actor: Actor,
  { id, by, dryRun }: { id: number; by: -1 | 1; dryRun?: boolean | undefined }
) {
  return changing(tx, actor, dryRun, async (inner): Promise<Changed> => {
    const [policy] = await inner.select().from(policies).where(eq(policies.id, id));
    if (!policy) throw new NotFound();
    const order = await lockKind(inner, policy.subjectKind);
    const at = order.findIndex((one) => one.id === id);
    const to = at + by;
    const { version } = policy;
    const other = order[to];
    if (!other) return { id, version, scope: null };
    const moved = order.map((one, n) => (n === at ? other : n === to ? policy : one));
    await place(
      inner,
      moved.map((one, n) => ({ ...one, wanted: (n + 1) * GAP }))
    );
    return { id, version, scope: { policyId: id, what: by < 0 ? 'Moved up' : 'Moved down' } };
  });
}

/** A place just before the first policy that would take everything from it, else the last. */
export async function placeFor(tx: Tx, kind: SubjectKind, match: PolicyCriteria): Promise<number> {
  const order = await lockKind(tx, kind);
  const at = order.findIndex((one) => covers(one, match));
  if (at === -1) return (order.at(-1)?.position ?? 0) + GAP;
  await place(
    tx,
    order.map((one, n) => ({ ...one, wanted: (n + (n < at ? 1 : 2)) * GAP }))
  );
  return (at + 1) * GAP;
}

function lockKind(tx: Tx, kind: SubjectKind) {
  return tx
    .select()
    .from(policies)
    .where(eq(policies.subjectKind, kind))
    .orderBy(policies.position, policies.id)
    .for('update');
}

/** Only policies of one kind are compared, so that places of other kinds do not matter. */
async function place(tx: Tx, order: { id: number; position: number; wanted: number }[]): Promise<void> {
  for (const { id, position, wanted } of order) {
    if (wanted !== position) await tx.update(policies).set({ position: wanted }).where(eq(policies.id, id));
  }
}
