import { globSync } from 'node:fs';
import { is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { appRouter } from '#lib/platform/trpc/router.server.ts';
import type { ListedProcedure } from './permissions.ts';

interface Procedure {
  _def: { type: string; meta?: { permission?: string } };
}

/** Every procedure of the router with what it needs. */
export function listProcedures(): ListedProcedure[] {
  const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;
  return Object.entries(procedures).map(([path, { _def }]) => ({
    path,
    type: _def.type,
    permission: _def.meta?.permission ?? ''
  }));
}

/** Every table of the schema. */
export async function listTables(): Promise<PgTable[]> {
  const root = new URL('../../', import.meta.url);
  const files = globSync('src/lib/**/*schema.server.ts', { cwd: root }).sort();
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, root).href) as Promise<Record<string, unknown>>)
  );
  return modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
}
