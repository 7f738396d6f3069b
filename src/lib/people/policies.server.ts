import { sql } from 'drizzle-orm';
import { pgPolicy } from 'drizzle-orm/pg-core';
import { condition } from '#lib/platform/db/columns.server.ts';
import { gateRole, visibleBy } from '#lib/platform/db/policies.server.ts';

export const everybody = sql`true`;

/** Nobody changes the role he holds, nor one that may do more than his own. */
export const roleKept = (column: string) =>
  condition(
    `(select app.may('admin.roles')) and ${column} <> (select app.my_role_id()) and app.role_within(${column})`
  );

/** Those who look after users reach the people whose role may do nothing that theirs may not. */
export const usersKept = (roleColumn: string) =>
  condition(`(select app.may('admin.users')) and app.role_within(${roleColumn})`);

/** Everybody reads the firm's directory; who may change what is said apart. */
export const directory = (table: string, rules: Omit<Parameters<typeof visibleBy>[1], 'read'>) => [
  ...visibleBy(table, { ...rules, read: everybody }),
  pgPolicy(`${table}_gate`, { for: 'select', to: gateRole, using: everybody })
];
