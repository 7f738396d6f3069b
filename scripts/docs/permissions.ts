import { getTableConfig, PgDialect, type PgPolicy, type PgTable } from 'drizzle-orm/pg-core';
import type { SQL } from 'drizzle-orm';
import { DEFAULT_ROLES } from '#lib/people/default-roles.ts';
import { PERMISSIONS, type Grants, type Permission } from '#lib/platform/auth/permissions.ts';

export interface ListedProcedure {
  path: string;
  type: string;
  permission: string;
}

const INTRODUCTION = `# Permissions

Written by \`npm run docs:permissions\` from the code; a test fails when it is not what the code says.

A grant is a permission with a scope: \`own\` (assigned to me, or I am the point of contact), \`team\` (also what the
people I head own, or what is with a team of mine) or \`all\`. A role holds grants, a person has one role. What a
grant allows still ends at the rows that the person sees, and those are decided in Postgres: the last table.`;

const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
const table = (head: string[], rows: string[][]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const modules = [...new Set(PERMISSIONS.map((permission) => permission.split('.')[0] ?? ''))];

/** \`team: view edit; all: create\`: a module's grants by scope. */
function grantsIn(module: string, grants: Grants): string {
  const byScope = new Map<string, string[]>();
  for (const permission of PERMISSIONS) {
    const [home, verb = ''] = permission.split('.');
    const scope = grants[permission];
    if (home === module && scope) byScope.set(scope, [...(byScope.get(scope) ?? []), verb]);
  }
  return [...byScope].map(([scope, verbs]) => `${scope}: ${verbs.join(' ')}`).join('; ') || '–';
}

function rolesPart(): string {
  const head = ['module', ...DEFAULT_ROLES.map(({ name, level }) => `${name} (${level})`)];
  const rows = modules.map((module) => [
    module,
    ...DEFAULT_ROLES.map(({ grants }) => grantsIn(module, grants))
  ]);
  return `## Roles as they are shipped\n\n${table(head, rows)}`;
}

const scopeOf = (permission: string, grants: Grants) =>
  permission === 'anyone' || permission === 'signedIn' ? 'yes' : (grants[permission as Permission] ?? '–');

function proceduresPart(procedures: ListedProcedure[]): string {
  const head = ['procedure', '', 'needs', ...DEFAULT_ROLES.map(({ name }) => name)];
  const rows = [...procedures]
    .sort((a, b) => a.path.localeCompare(b.path, 'en'))
    .map(({ path, type, permission }) => [
      `\`${path}\``,
      type === 'query' ? 'reads' : 'writes',
      permission,
      ...DEFAULT_ROLES.map(({ grants }) => scopeOf(permission, grants))
    ]);
  const meaning =
    '`anyone` needs no session, `signedIn` any session; the scope is that of the role as it is shipped.';
  return `## Procedures\n\n${meaning}\n\n${table(head, rows)}`;
}

const dialect = new PgDialect();
const inWords = (rule: SQL | undefined) =>
  rule ? `\`${dialect.sqlToQuery(rule).sql.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\`` : '';

function ruleOf(policies: PgPolicy[], suffix: string): string {
  const policy = policies.find(({ name }) => name.endsWith(suffix));
  return policy ? inWords(policy.using ?? policy.withCheck) : '–';
}

function tablesPart(tables: PgTable[]): string {
  const head = ['table', 'sees', 'changes', 'adds', 'removes'];
  const rows = tables
    .map((each) => getTableConfig(each))
    .filter(({ policies }) => policies.some(({ name }) => name.endsWith('_scoped_read')))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, policies }) => [
      name,
      ...['_scoped_read', '_scoped_change', '_scoped_add', '_scoped_remove'].map((suffix) =>
        ruleOf(policies, suffix)
      )
    ]);
  const meaning = `What row level security says of heads and executives; administrators pass under a role of their own.
\`app.visible_user_ids()\` are the actor and, for a head, the members of his teams; \`client_access\` holds who reaches
which client. A dash: nobody below the administrators.`;
  return `## Rows\n\n${meaning}\n\n${table(head, rows)}`;
}

/** docs/permissions.md, from the roles, the router and the tables of the code. */
export function permissionsPage(procedures: ListedProcedure[], tables: PgTable[]): string {
  return `${[INTRODUCTION, rolesPart(), proceduresPart(procedures), tablesPart(tables)].join('\n\n')}\n`;
}
