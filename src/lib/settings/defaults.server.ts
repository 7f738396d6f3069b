import { seedDefaultPolicies } from '#lib/clocks/defaults.server.ts';
import { requestTypes } from '#lib/desk/schema.server.ts';
import { DEFAULT_ROLES } from '#lib/people/default-roles.ts';
import { roleGrants, roles } from '#lib/people/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { DEFAULT_LISTS } from './default-lists.ts';
import { DEFAULT_REQUEST_TYPES } from './default-request-types.ts';
import { firmSettings, listItems } from './schema.server.ts';

/**
 * Makes sure that a firm has what every firm starts with: settings, roles with their grants, managed lists, request
 * types, a calendar and policies. What is there already stays as it is. Runs as system.
 */
export async function installDefaults(tx: Tx, firm: { name?: string } = {}): Promise<void> {
  await tx
    .insert(firmSettings)
    .values({ name: firm.name ?? 'My firm' })
    .onConflictDoNothing();
  await installRoles(tx);
  await installLists(tx);
  await tx
    .insert(requestTypes)
    .values(
      DEFAULT_REQUEST_TYPES.map(({ key, name, tatDays, checklist, fields }, position) => ({
        key,
        name,
        defaultTatDays: tatDays,
        checklist,
        fields,
        position
      }))
    )
    .onConflictDoNothing();
  await seedDefaultPolicies(tx, await promisedTypes(tx));
}

function promisedTypes(tx: Tx) {
  const { id, key, name, defaultTatDays } = requestTypes;
  return tx.select({ id, key, name, defaultTatDays }).from(requestTypes).orderBy(requestTypes.position);
}

/** A role that exists keeps the grants the firm gave it. */
async function installRoles(tx: Tx): Promise<void> {
  const added = await tx
    .insert(roles)
    .values(DEFAULT_ROLES.map(({ key, name, level }) => ({ key, name, level })))
    .onConflictDoNothing()
    .returning({ id: roles.id, key: roles.key });
  const grants = added.flatMap(({ id, key }) =>
    Object.entries(DEFAULT_ROLES.find((role) => role.key === key)?.grants ?? {}).map(
      ([permission, scope]) => ({
        roleId: id,
        permission,
        scope
      })
    )
  );
  if (grants.length > 0) await tx.insert(roleGrants).values(grants);
}

/** A list that has entries is the firm's; one that has none gets what it is shipped with. */
async function installLists(tx: Tx): Promise<void> {
  const kept = await tx.selectDistinct({ list: listItems.list }).from(listItems);
  const items = Object.entries(DEFAULT_LISTS)
    .filter(([list]) => !kept.some((known) => known.list === list))
    .flatMap(([list, entries]) =>
      entries.map(([key, label], position) => ({
        list: list as keyof typeof DEFAULT_LISTS,
        key,
        label,
        position
      }))
    );
  if (items.length > 0) await tx.insert(listItems).values(items);
}
