import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import type { Config } from '#lib/platform/config.ts';
import { checkKey } from '#lib/platform/db/key-check.server.ts';
import { MIGRATIONS } from '#lib/platform/db/migrate.server.ts';
import { withConnection } from './connection.ts';

const LOGIN_ROLES = ['rapport_owner', 'rapport_app', 'rapport_system', 'rapport_queue'];
const OTHER_ROLES = ['rapport_scoped', 'rapport_all', 'rapport_gate', 'rapport_search'];
const MEMBERSHIPS = [
  ['rapport_app', 'rapport_scoped'],
  ['rapport_app', 'rapport_all'],
  ['rapport_system', 'rapport_gate'],
  ['rapport_owner', 'rapport_search']
] as const;

type Access = Pick<Config, 'databaseUrl' | 'databaseSystemUrl' | 'databaseQueueUrl' | 'key'>;

/** Everything that keeps Rapport from working on this database, one sentence each. */
export async function problemsWith(urls: Access): Promise<string[]> {
  const roles = await withConnection(urls.databaseUrl, rolesMissing);
  if (roles.length > 0) return [...roles, '`npm run db:roles` prints the statements that make the roles'];
  const identities = await Promise.all([
    identityOf(urls.databaseUrl, 'DATABASE_URL', 'rapport_app'),
    identityOf(urls.databaseSystemUrl, 'DATABASE_SYSTEM_URL', 'rapport_system'),
    identityOf(urls.databaseQueueUrl, 'DATABASE_QUEUE_URL', 'rapport_queue')
  ]);
  const rest = await withConnection(urls.databaseSystemUrl, async (sql) => {
    const pending = await pendingMigrations(sql);
    if (pending.length > 0)
      return [`Migrations are pending (${pending.join(', ')}): run \`npm run db:migrate\``];
    return grantsMissing(sql);
  });
  const problems = [...identities.flat(), ...rest];
  if (problems.length > 0 || (await checkKey(urls.databaseSystemUrl, urls.key))) return problems;
  return ['RAPPORT_KEY is not the key that this database was made with'];
}

async function rolesMissing(sql: Sql): Promise<string[]> {
  const found = await sql<{ name: string; powerful: boolean; login: boolean }[]>`
    select rolname as name, rolsuper or rolbypassrls as powerful, rolcanlogin as login
    from pg_roles where rolname like 'rapport\\_%'`;
  const byName = new Map(found.map((role) => [role.name, role]));
  const missing = [...LOGIN_ROLES, ...OTHER_ROLES].filter((name) => !byName.has(name));
  if (missing.length > 0) return missing.map((name) => `The role ${name} is missing`);
  const locked = LOGIN_ROLES.filter((name) => !byName.get(name)?.login).map(
    (name) => `${name} may not log in`
  );
  const powerful = found
    .filter((role) => role.powerful)
    .map(({ name }) => `${name} is a superuser or passes row level security: it must not`);
  const memberships = await Promise.all(
    MEMBERSHIPS.map(([member, role]) => membershipMissing(sql, member, role))
  );
  return [...locked, ...powerful, ...memberships.flat()];
}

async function membershipMissing(sql: Sql, member: string, role: string): Promise<string[]> {
  const [row] = await sql`select pg_has_role(${member}, ${role}, 'member') as granted`;
  return row?.granted ? [] : [`${member} must be allowed to act as ${role}: grant ${role} to ${member}`];
}

function identityOf(url: string, variable: string, role: string): Promise<string[]> {
  return withConnection(url, async (sql) => {
    const [row] = await sql<{ name: string }[]>`select current_user as name`;
    return row?.name === role ? [] : [`${variable} connects as ${row?.name}, and not as ${role}`];
  });
}

/** The names of migrations that the database has not had yet. */
export async function pendingMigrations(sql: Sql): Promise<string[]> {
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number; tag: string }[];
  };
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null
    and has_schema_privilege('drizzle', 'usage') as found`.catch(() => []);
  if (!table?.found) return journal.entries.map((entry) => entry.tag);
  const [last] =
    await sql`select coalesce(max(created_at), 0)::float8 as at from drizzle.__drizzle_migrations`;
  return journal.entries.filter((entry) => entry.when > Number(last?.at)).map((entry) => entry.tag);
}

async function grantsMissing(sql: Sql): Promise<string[]> {
  const rows = await sql<{ problem: string }[]>`
    select format('%s may not read the table %s', wanted.role, wanted.name) as problem
    from (values ('rapport_system', 'users'), ('rapport_system', 'clients'), ('rapport_gate', 'sessions'),
      ('rapport_scoped', 'clients'), ('rapport_all', 'clients')) as wanted (role, name)
    where not has_table_privilege(wanted.role, 'public.' || wanted.name, 'select')
    union all
    select format('The table %s has no forced row level security', relname)
    from pg_class where relnamespace = 'public'::regnamespace and relname in ('clients', 'leads', 'interactions',
      'queries', 'service_requests', 'holdings') and not (relrowsecurity and relforcerowsecurity)
    union all
    select 'rapport_queue may not use the schema queue' from pg_namespace
    where nspname = 'queue' and not has_schema_privilege('rapport_queue', oid, 'usage')
    union all
    select 'The schema queue is missing' where to_regnamespace('queue') is null`;
  return rows.map((row) => row.problem);
}
