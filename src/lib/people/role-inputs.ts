import { z } from 'zod';
import { PERMISSIONS, type Grants, type Permission } from '#lib/platform/auth/permissions.ts';

const id = z.int().positive();
const version = z.int().positive();
const scope = z.enum(['own', 'team', 'all']);

const moduleOf = (permission: Permission) => permission.split('.')[0] ?? '';

/** Grants as a form has them: by module and verb, what is not held left out. */
export const grantsInput = z.strictObject(
  Object.fromEntries(
    Object.entries(Object.groupBy(PERMISSIONS, (permission) => moduleOf(permission))).map(
      ([module, permissions = []]) => [module, verbsOf(permissions)]
    )
  )
);

function verbsOf(permissions: Permission[]) {
  const verbs = Object.fromEntries(
    permissions.map((permission) => [permission.split('.')[1] ?? '', scope.optional()])
  );
  return z.strictObject(verbs).optional();
}

/** The same as a flat set of grants. */
export function grantsFrom(nested: z.output<typeof grantsInput>): Grants {
  const flat = Object.entries(nested).flatMap(([module, verbs]) =>
    Object.entries(verbs ?? {}).map(([verb, held]) => [`${module}.${verb}`, held] as const)
  );
  return Object.fromEntries(flat.filter(([, held]) => held !== undefined));
}

/** And back, as the values a form starts with: `grants.leads.view`. */
export const grantFields = (grants: Grants): Record<string, string> =>
  Object.fromEntries(Object.entries(grants).map(([permission, held]) => [`grants.${permission}`, held]));

const role = {
  name: z.string().trim().min(1, 'Write a name').max(60),
  level: z.int().min(0).max(2),
  grants: grantsInput
};

export const noInput = z.strictObject({}).optional();
export const roleInput = z.strictObject({ id });
export const versionedRoleInput = z.strictObject({ id, version });
export const createRoleInput = z.strictObject(role);
export const updateRoleInput = z.strictObject({ id, version, ...role });

export type CreateRoleInput = z.output<typeof createRoleInput>;
export type UpdateRoleInput = z.output<typeof updateRoleInput>;
