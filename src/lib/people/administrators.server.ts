import { sql } from 'drizzle-orm';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, RuleViolation } from '#lib/platform/errors.ts';

/** Who decides what people may do decides one after the other: two administrators must not remove each other at once. */
export const DECISIONS = 7_274_001;

/** Waits for others who decide about people, and makes sure that the actor still may. */
export async function decideInTurn(tx: Tx, actor: Actor, permission: Permission): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${DECISIONS}::bigint)`);
  const [row] = await tx.execute<{ still: boolean }>(sql`
    select exists (
      select 1 from users u join roles r on r.id = u.role_id and r.level = ${actor.level}
      join role_grants g on g.role_id = r.id and g.permission = ${permission}
      where u.id = ${actor.userId} and u.active) as still`);
  if (!row?.still) throw new Forbidden('What you may do has just been changed. Reload the page');
}

/** Somebody must be left who can look after users and roles; asked after the change, which is undone otherwise. */
export async function mustLeaveAnAdministrator(tx: Tx): Promise<void> {
  const [row] = await tx.execute<{ left: boolean }>(sql`
    select exists (
      select 1 from users u join roles r on r.id = u.role_id and r.level = 0
      where u.active and 2 = (
        select count(*) from role_grants g where g.role_id = r.id and g.permission in ('admin.users', 'admin.roles'))
    ) as left`);
  if (!row?.left)
    throw new RuleViolation(
      'Nobody would be left who looks after users and roles. Give that to somebody first'
    );
}
