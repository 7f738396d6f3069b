import { join } from 'node:path';
import postgres from 'postgres';
import { importSales } from '#lib/imports/commands.server.ts';
import type { TestDatabase } from '../database.ts';
import { temporaryFolder } from './sample.ts';

type Options = Parameters<typeof importSales>[1];

/** Runs the import as the command does, its rejected rows in a folder of their own. */
export function runImport(folder: string, options: Partial<Options> = {}) {
  return importSales(folder, {
    rejects: join(temporaryFolder(), 'rejected.csv'),
    replaceDemo: false,
    firmName: 'Kettles & Co',
    mailDomain: 'sales.example',
    currency: null,
    adminEmail: 'chief@sales.example',
    inviteTo: null,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...options
  });
}

/** A superuser's connection, which sees every row. */
export function lookInto({ superuserUrl }: TestDatabase): postgres.Sql {
  return postgres(superuserUrl, { max: 2, onnotice: () => undefined });
}

const COUNTED = ['teams', 'users', 'products', 'clients', 'leads', 'holdings', 'audit_log', 'client_access'];

/** How many rows each table has, the moment of the last change, and the highest lead id given out. */
export async function stateOf(sql: postgres.Sql): Promise<Record<string, unknown>> {
  const counts = await Promise.all(
    COUNTED.map(async (table) => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(table)}`;
      return [table, row?.count] as const;
    })
  );
  const [last] = await sql<{ at: string; lead: string }[]>`select
    greatest((select max(updated_at) from leads), (select max(updated_at) from clients), (select max(updated_at) from users))::text as at,
    (select last_value from leads_id_seq)::text as lead`;
  return { ...Object.fromEntries(counts), ...last };
}
