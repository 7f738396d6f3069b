import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  smallint,
  text,
  time,
  type AnyPgColumn
} from 'drizzle-orm/pg-core';
import {
  condition,
  createdAt,
  identity,
  instant,
  oneOf,
  reference,
  version
} from '#lib/platform/db/columns.server.ts';
import { allOf, anyOf, gateRole, granted, inPeople, visibleBy } from '#lib/platform/db/policies.server.ts';
import { directory, everybody, roleKept, usersKept } from './policies.server.ts';

export const roles = pgTable(
  'roles',
  {
    id: identity(),
    key: text().notNull().unique(),
    name: text().notNull(),
    level: smallint().notNull(),
    version: version()
  },
  (t) => [
    check('roles_level', sql`${t.level} between 0 and 2`),
    ...directory('roles', {
      change: condition(
        `(select app.may('admin.roles')) and id <> (select app.my_role_id()) and app.role_within(id) and level >= (select app.my_level())`
      ),
      add: condition(`(select app.may('admin.roles')) and level >= (select app.my_level())`),
      remove: roleKept('id')
    })
  ]
);

/** One permission of a role with its scope. */
export const roleGrants = pgTable(
  'role_grants',
  {
    roleId: reference()
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    permission: text().notNull(),
    scope: text({ enum: ['own', 'team', 'all'] }).notNull()
  },
  (t) => [
    primaryKey({ columns: [t.roleId, t.permission] }),
    oneOf('role_grants_scope', t.scope, ['own', 'team', 'all']),
    ...directory('role_grants', {
      change: condition(
        `(select app.may('admin.roles')) and role_id <> (select app.my_role_id()) and app.grant_within(permission, scope)`
      ),
      remove: roleKept('role_id')
    })
  ]
);

/** What everybody may know of a colleague; the rest is in `userProfiles` and `credentials`. */
export const users = pgTable(
  'users',
  {
    id: identity(),
    name: text().notNull(),
    extension: text(),
    roleId: reference()
      .notNull()
      .references(() => roles.id),
    mainTeamId: reference().references((): AnyPgColumn => teams.id, { onDelete: 'set null' }),
    active: boolean().notNull().default(true),
    leaveFrom: date({ mode: 'string' }),
    leaveTo: date({ mode: 'string' }),
    substituteId: reference().references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    index('users_role').on(t.roleId),
    ...directory('users', {
      change: anyOf(inPeople('id'), usersKept('role_id')),
      add: usersKept('role_id')
    })
  ]
);

/** How to reach a colleague and how he wants to be told; seen by himself and by his head. */
export const userProfiles = pgTable(
  'user_profiles',
  {
    userId: reference()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    /** The e-mail in lower case: what sign-in looks up. */
    emailKey: text().notNull().unique(),
    phone: text(),
    timeZone: text(),
    language: text().notNull().default('en'),
    /** Local time of his digests, in the firm's time zone. */
    digestAt: time().notNull().default('08:30'),
    /** Wants the digest of the morning; null for what is usual: who heads a team gets it, executives do not. */
    digest: boolean(),
    /** Wants the digest of the week, which is for administrators; null for yes. */
    weeklyDigest: boolean(),
    notificationChoices: jsonb()
      .$type<Record<string, 'none' | 'app' | 'mail' | 'daily'>>()
      .notNull()
      .default({})
  },
  () => [
    ...visibleBy('user_profiles', {
      read: anyOf(inPeople('user_id'), granted('admin.users')),
      change: anyOf(
        inPeople('user_id'),
        condition(`(select app.may('admin.users')) and app.user_within(user_id)`)
      ),
      add: condition(`(select app.may('admin.users')) and app.user_within(user_id)`)
    }),
    pgPolicy('user_profiles_gate', { for: 'select', to: gateRole, using: everybody })
  ]
);

/** Extra rights beside the role; today only `assessment`. */
export const userCapabilities = pgTable(
  'user_capabilities',
  {
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    capability: text({ enum: ['assessment'] }).notNull()
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.capability] }),
    oneOf('user_capabilities_capability', t.capability, ['assessment']),
    ...directory('user_capabilities', {
      change: null,
      add: condition(
        `(select app.may('admin.users')) and user_id <> app.user_id() and app.user_within(user_id) and app.holds_capability(capability)`
      ),
      remove: condition(`(select app.may('admin.users')) and app.user_within(user_id)`)
    })
  ]
);

export const teams = pgTable(
  'teams',
  {
    id: identity(),
    name: text().notNull().unique(),
    function: text({ enum: ['rm', 'ops'] }).notNull(),
    headId: reference().references(() => users.id, { onDelete: 'set null' }),
    region: text(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
    updatedAt: instant().notNull().defaultNow(),
    version: version()
  },
  (t) => [
    oneOf('teams_function', t.function, ['rm', 'ops']),
    index('teams_head').on(t.headId),
    ...directory('teams', { change: granted('admin.teams'), remove: granted('admin.teams') })
  ]
);

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: reference()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' })
  },
  (t) => [
    primaryKey({ columns: [t.teamId, t.userId] }),
    index('team_members_user').on(t.userId),
    ...directory('team_members', {
      change: null,
      add: allOf(
        anyOf(granted('admin.teams'), granted('admin.users')),
        condition('user_id <> app.user_id()')
      ),
      remove: anyOf(granted('admin.teams'), granted('admin.users'))
    })
  ]
);
