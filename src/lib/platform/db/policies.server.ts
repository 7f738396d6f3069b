import { sql, type SQL } from 'drizzle-orm';
import { pgPolicy, pgRole } from 'drizzle-orm/pg-core';
import type { Permission } from '#lib/platform/auth/permissions.ts';

/** People whose rows are narrowed by row level security. */
export const scopedRole = pgRole('rapport_scoped').existing();
/** Administrators: a role of its own, since "sees all or …" in one policy makes every plan slow. */
export const allRole = pgRole('rapport_all').existing();
/** The sweep, intake and housekeeping. */
export const systemRole = pgRole('rapport_system').existing();
/** Sign-in and session checks: credentials and nothing else. */
export const gateRole = pgRole('rapport_gate').existing();
/** Owner of the security definer functions. */
export const searchRole = pgRole('rapport_search').existing();

const yes = sql`true`;
/** Wrapped in a select so that Postgres computes it once per statement. */
const seesAll = sql`(select app.sees_all())`;

interface Rules {
  /** Which rows a scoped person sees. */
  read: SQL;
  /** Which rows he may change; what he sees when left out, nothing when null. */
  change?: SQL | null;
  /** Which rows he may add; what he may change when left out, nothing when null. */
  add?: SQL | null;
  /** Which rows he may remove; nothing when left out. */
  remove?: SQL;
}

/** The policies of one table: narrowed for people, everything for administrators, system and definer functions. */
export function visibleBy(table: string, rules: Rules) {
  const change = rules.change === undefined ? rules.read : rules.change;
  const add = rules.add === undefined ? change : rules.add;
  const policies = [
    pgPolicy(`${table}_scoped_read`, { for: 'select', to: scopedRole, using: rules.read }),
    pgPolicy(`${table}_all`, { for: 'all', to: allRole, using: seesAll, withCheck: seesAll }),
    pgPolicy(`${table}_system`, { for: 'all', to: [systemRole, searchRole], using: yes, withCheck: yes })
  ];
  if (change)
    policies.push(
      pgPolicy(`${table}_scoped_change`, { for: 'update', to: scopedRole, using: change, withCheck: change })
    );
  if (add) policies.push(pgPolicy(`${table}_scoped_add`, { for: 'insert', to: scopedRole, withCheck: add }));
  if (rules.remove)
    policies.push(pgPolicy(`${table}_scoped_remove`, { for: 'delete', to: scopedRole, using: rules.remove }));
  return policies;
}

/** The column holds one of the people whose records the actor sees. */
export const inPeople = (column: string) =>
  sql.raw(`${column} = any ((select app.visible_user_ids())::bigint[])`);

/** The column holds a team the actor belongs to or heads. */
export const inTeams = (column: string) => sql.raw(`${column} = any ((select app.team_ids())::bigint[])`);

/** The column holds a team the actor heads. */
export const inHeadedTeams = (column: string) =>
  sql.raw(`${column} = any ((select app.headed_team_ids())::bigint[])`);

/** The column holds the actor, who is nobody once he is deactivated. */
export const isActor = (column: string) => sql.raw(`${column} = (select app.acting_user_id())`);

/** The actor's role holds the permission, in whatever scope. */
export const granted = (permission: Permission) => sql.raw(`(select app.may('${permission}'))`);

/** The client the column names is visible to the actor: `client_access` shows him only his own rows. */
export const clientVisible = (column: string) =>
  sql.raw(`exists (select 1 from client_access a where a.client_id = ${column})`);

/** The row exists for the actor in another table, whose own policies decide. */
export const rowVisible = (table: string, column: string) =>
  sql.raw(`exists (select 1 from ${table} v where v.id = ${column})`);

/** One of several reasons. */
export const anyOf = (...reasons: SQL[]) =>
  sql.join(
    reasons.map((reason) => sql`(${reason})`),
    sql` or `
  );

/** All of several conditions. */
export const allOf = (...conditions: SQL[]) =>
  sql.join(
    conditions.map((one) => sql`(${one})`),
    sql` and `
  );
