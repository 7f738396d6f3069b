import postgres from 'postgres';
import { rolesSql } from '#lib/platform/db/roles.server.ts';
import type { EmbeddedPostgres } from '../embedded-postgres.ts';

export interface DatabaseUrls {
  databaseUrl: string;
  databaseSystemUrl: string;
  databaseQueueUrl: string;
  databaseOwnerUrl: string;
}

/** The addresses of a database in an embedded cluster, one for each role that signs in. */
export function urlsOf(
  { port, passwords }: Pick<EmbeddedPostgres, 'port' | 'passwords'>,
  name: string
): DatabaseUrls {
  const url = (role: 'app' | 'system' | 'queue' | 'owner') =>
    `postgres://rapport_${role}:${passwords[role]}@127.0.0.1:${port}/${name}`;
  return {
    databaseUrl: url('app'),
    databaseSystemUrl: url('system'),
    databaseQueueUrl: url('queue'),
    databaseOwnerUrl: url('owner')
  };
}

/** Makes the database `rapport` with its roles where it is missing, and gives the roles their present passwords. */
export async function prepareDatabase(cluster: EmbeddedPostgres): Promise<DatabaseUrls> {
  const admin = postgres(cluster.superuserUrl, { max: 1, onnotice: () => undefined });
  const [found] = await admin`select 1 from pg_database where datname = 'rapport'`;
  if (!found) await admin`create database rapport`;
  await admin.end();
  const inside = postgres(superuserUrlOf(cluster.superuserUrl, 'rapport'), {
    max: 1,
    onnotice: () => undefined
  });
  await inside.unsafe(rolesSql(cluster.passwords));
  await inside.end();
  return urlsOf(cluster, 'rapport');
}

/** The superuser's address of another database in the same cluster. */
export function superuserUrlOf(superuserUrl: string, name: string): string {
  return Object.assign(new URL(superuserUrl), { pathname: `/${name}` }).href;
}
