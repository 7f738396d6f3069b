/** Passwords of the roles that may log in. */
export interface RolePasswords {
  owner: string;
  app: string;
  system: string;
  queue: string;
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

const role = (name: string, options: string) => `
do $$ begin
  if not exists (select from pg_roles where rolname = '${name}') then create role ${name}; end if;
end $$;
alter role ${name} with ${options};`;

/**
 * The SQL that makes Rapport's roles and hands the current database to them. Run it once as a superuser (or a role
 * with CREATEROLE that owns the database), connected to the database meant for Rapport. Running it again changes
 * nothing but the passwords.
 *
 * `noinherit` matters: `rapport_app` holds no right of its own and must name, per transaction, as what it acts.
 */
export function rolesSql(passwords: RolePasswords): string {
  return `
${role('rapport_owner', `login nosuperuser nobypassrls password ${quote(passwords.owner)}`)}
${role('rapport_app', `login noinherit nosuperuser nobypassrls password ${quote(passwords.app)}`)}
${role('rapport_system', `login noinherit nosuperuser nobypassrls password ${quote(passwords.system)}`)}
${role('rapport_queue', `login noinherit nosuperuser nobypassrls password ${quote(passwords.queue)}`)}
${role('rapport_scoped', 'nologin nosuperuser nobypassrls')}
${role('rapport_all', 'nologin nosuperuser nobypassrls')}
${role('rapport_gate', 'nologin nosuperuser nobypassrls')}
${role('rapport_search', 'nologin nosuperuser nobypassrls')}
grant rapport_scoped, rapport_all to rapport_app;
grant rapport_gate to rapport_system;
grant rapport_search to rapport_owner;
do $$ begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to rapport_app, rapport_system, rapport_queue', current_database());
  execute format('grant connect, create, temporary on database %I to rapport_owner', current_database());
end $$;
alter schema public owner to rapport_owner;
revoke all on schema public from public;
`.trim();
}
