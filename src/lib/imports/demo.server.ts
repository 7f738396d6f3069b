import { eq, isNull, notInArray, sql } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import { policySteps } from '#lib/clocks/policy-schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { firmSettings } from '#lib/settings/schema.server.ts';
import { administrators } from './administrators.server.ts';

/** In the order in which nothing refers to what is removed; what hangs on a row goes with it. */
const EMPTIED = [
  'notifications',
  'digests',
  'pipeline_snapshots',
  'mail_outbox',
  'job_outbox',
  'dead_letters',
  'duplicate_reviews',
  'comments',
  'clocks',
  'holdings',
  'interactions',
  'queries',
  'service_requests',
  'leads',
  'clients',
  'clock_refresh'
];

/**
 * Real data does not go among the demo firm's. Without `replace` that is refused; with it the demo's people, clients
 * and work are removed. Its administrators, roles, lists and policies stay, and so do fund schemes and the audit trail,
 * which nobody can remove. Returns whether anything was removed.
 */
export async function leaveDemo(
  tx: Tx,
  { replace, firmName }: { replace: boolean; firmName: string }
): Promise<boolean> {
  const [firm] = await tx.select({ demo: firmSettings.demo }).from(firmSettings).for('update');
  if (!firm?.demo) return false;
  if (!replace)
    throw new RuleViolation(
      'This is the demo firm. --replace-demo removes its people, clients and work before the import'
    );
  await removeWork(tx);
  await removePeople(tx);
  await tx.update(firmSettings).set({
    demo: false,
    name: firmName,
    updatedAt: sql`now()`,
    version: sql`${firmSettings.version} + 1`
  });
  return true;
}

async function removeWork(tx: Tx): Promise<void> {
  await tx
    .update(leads)
    .set({ originInteractionId: null })
    .where(sql`origin_interaction_id is not null`);
  for (const table of EMPTIED) await tx.execute(sql`delete from ${sql.identifier(table)}`);
  // A list of fund schemes is nobody's demo.
  await tx.delete(products).where(isNull(products.schemeCode));
}

async function removePeople(tx: Tx): Promise<void> {
  const kept = (await administrators(tx)).map(({ userId }) => userId);
  await tx
    .update(policySteps)
    .set({ tell: 'administrators', tellUserId: null })
    .where(kept.length > 0 ? notInArray(policySteps.tellUserId, kept) : eq(policySteps.tell, 'user'));
  await tx.delete(teams);
  await tx.delete(users).where(kept.length > 0 ? notInArray(users.id, kept) : sql`true`);
}
