import { sql } from 'drizzle-orm';
import { index, integer, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, identity, oneOf, reference, version } from '#lib/platform/db/columns.server.ts';
import {
  allOf,
  allRole,
  anyOf,
  inHeadedTeams,
  inTeams,
  isActor,
  scopedRole,
  searchRole,
  systemRole
} from '#lib/platform/db/policies.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { VIEW_MODULES } from './model.ts';

const own = isActor('owner_id');
const shared = sql.raw('team_id is not null');
const administrator = sql`(select app.sees_all())`;
const everything = sql`true`;

const ownAmongTeams = allOf(own, anyOf(sql.raw('team_id is null'), inTeams('team_id')));
const ownOrShared = allOf(administrator, anyOf(own, shared));
const ownAsAdministrator = allOf(administrator, own);

/**
 * A list's filters under a name. Private ones are their owner's alone, also for administrators, since a search may
 * name anybody; shared ones belong to a team.
 */
export const savedViews = pgTable(
  'saved_views',
  {
    id: identity(),
    ownerId: reference()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    module: text({ enum: VIEW_MODULES }).notNull(),
    name: text().notNull(),
    /** The list's parameters as a canonical query string without `?`; only ones the list knows. */
    params: text().notNull(),
    /** Members and the head of this team see it too. */
    teamId: reference().references(() => teams.id, { onDelete: 'cascade' }),
    position: integer().notNull().default(0),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    oneOf('saved_views_module', t.module, VIEW_MODULES),
    index('saved_views_owner').on(t.ownerId, t.module),
    index('saved_views_team').on(t.teamId, t.module),
    pgPolicy('saved_views_scoped_read', {
      for: 'select',
      to: scopedRole,
      using: anyOf(own, inTeams('team_id'))
    }),
    pgPolicy('saved_views_scoped_add', { for: 'insert', to: scopedRole, withCheck: ownAmongTeams }),
    pgPolicy('saved_views_scoped_change', {
      for: 'update',
      to: scopedRole,
      using: own,
      withCheck: ownAmongTeams
    }),
    pgPolicy('saved_views_scoped_remove', {
      for: 'delete',
      to: scopedRole,
      using: anyOf(own, inHeadedTeams('team_id'))
    }),
    pgPolicy('saved_views_all_read', { for: 'select', to: allRole, using: ownOrShared }),
    pgPolicy('saved_views_all_add', { for: 'insert', to: allRole, withCheck: ownAsAdministrator }),
    pgPolicy('saved_views_all_change', {
      for: 'update',
      to: allRole,
      using: ownAsAdministrator,
      withCheck: ownAsAdministrator
    }),
    pgPolicy('saved_views_all_remove', { for: 'delete', to: allRole, using: ownOrShared }),
    pgPolicy('saved_views_system', {
      for: 'all',
      to: [systemRole, searchRole],
      using: everything,
      withCheck: everything
    })
  ]
);
