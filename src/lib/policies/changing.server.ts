import { eq, sql } from 'drizzle-orm';
import { calendars } from '#lib/clocks/policy-schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { withEyesOf, type Tx } from '#lib/platform/db/transactions.server.ts';
import type { Effect } from './effect.ts';
import { effectOf } from './effect.server.ts';
import { askForRecompute } from './recompute.server.ts';
import { hiddenNow, unusedTag } from './policy-doubts.server.ts';
import type { Scope } from './revision.server.ts';

/** What a command changed; `scope` says whose clocks follow, null where nothing about them is different. */
export interface Changed {
  id: number;
  version: number;
  scope: Scope | null;
}

interface Outcome {
  id: number;
  version: number;
  /** What would move; only of a dry run, null where no clock can. */
  effect: Effect | null;
}

/**
 * Runs a change of a policy or a calendar. A dry run does it, looks at what running clocks would say, and undoes it;
 * otherwise running clocks follow in the background.
 */
export async function changing(
  tx: Tx,
  actor: Actor,
  dryRun: boolean | undefined,
  change: (tx: Tx) => Promise<Changed>
): Promise<Outcome> {
  if (dryRun) return tried(tx, actor, change);
  const { scope, ...changed } = await change(tx);
  if (scope) await askForRecompute(tx, actor, scope);
  return { ...changed, effect: null };
}

async function tried(tx: Tx, actor: Actor, change: (tx: Tx) => Promise<Changed>): Promise<Outcome> {
  let changed: Changed = { id: 0, version: 0, scope: null };
  let others: Pick<Effect, 'hides' | 'unusedTag'> = { hides: [], unusedTag: null };
  const arrange = async (inner: Tx) => {
    const before = await hiddenNow(inner);
    changed = await change(inner);
    const policyId = changed.scope?.policyId;
    if (policyId !== undefined)
      others = {
        hides: (await hiddenNow(inner)).flatMap(({ id, name, behind }) =>
          behind === policyId && !before.some((one) => one.id === id) ? [name] : []
        ),
        unusedTag: await unusedTag(inner, policyId)
      };
    if (changed.scope?.calendarId) await forgetVersion(inner, changed.scope.calendarId);
    return actor;
  };
  const effect = await withEyesOf(tx, arrange, (inner) =>
    changed.scope ? effectOf(inner, changed.scope) : Promise.resolve(null)
  );
  return { id: changed.id, version: changed.version, effect: effect && { ...effect, ...others } };
}

let looks = 0;

/** What is opened in a dry run must not be remembered under the version that the real change gets. */
async function forgetVersion(tx: Tx, id: number): Promise<void> {
  const never = -(Date.now() % 1_000_000_000) - ++looks;
  await tx
    .update(calendars)
    .set({ version: sql`${never}::int` })
    .where(eq(calendars.id, id));
}
