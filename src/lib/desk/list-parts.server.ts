import { and, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { amongIds } from '#lib/platform/db/owned.server.ts';
import type { SortKey } from '#lib/platform/db/sorting.server.ts';
import type { DeskSort } from './inputs.ts';
import { PRIORITIES, type Priority, type WaitingOn } from './model.ts';

/** The columns that queries and requests have in common. */
export interface DeskColumns {
  number: AnyPgColumn;
  clientId: AnyPgColumn;
  clientName: AnyPgColumn;
  clientNumber: AnyPgColumn;
  priority: AnyPgColumn;
  teamId: AnyPgColumn;
  waitingOn: AnyPgColumn;
  dueAt: AnyPgColumn;
}

export interface DeskFilter {
  q?: string | undefined;
  clientId?: number | undefined;
  priority?: Priority[] | undefined;
  teamId?: number | undefined;
  waitingOn?: WaitingOn | 'nobody' | undefined;
}

const given = <T>(value: T | undefined, condition: (value: T) => SQL | undefined) =>
  value === undefined ? undefined : condition(value);

export function deskConditions(t: DeskColumns, filter: DeskFilter, alsoIn: AnyPgColumn[] = []) {
  return and(
    given(filter.q, (q) =>
      q === '' ? undefined : textMatches([t.clientName, t.clientNumber, t.number, ...alsoIn], q)
    ),
    given(filter.clientId, (id) => eq(t.clientId, id)),
    given(filter.priority, (list) => (list.length > 0 ? inArray(t.priority, list) : undefined)),
    given(filter.teamId, (id) => eq(t.teamId, id)),
    given(filter.waitingOn, (on) => (on === 'nobody' ? isNull(t.waitingOn) : eq(t.waitingOn, on)))
  );
}

const textMatches = (columns: AnyPgColumn[], q: string) =>
  or(...columns.map((column) => sql`lower(${column}) like app.like_pattern(${q})`));

/** Urgent first when descending. */
const rank = (column: AnyPgColumn) =>
  sql`array_position(array[${sql.raw(PRIORITIES.map((each) => `'${each}'`).join(', '))}], ${column})`;

/** By due time, soonest first; or by creation or priority, newest and most urgent first. */
export function deskSort(
  t: DeskColumns,
  created: AnyPgColumn,
  sort: { by: DeskSort; direction?: 'asc' | 'desc' | undefined } | undefined
): SortKey {
  const by = sort?.by ?? 'due';
  const descending = (sort?.direction ?? (by === 'due' ? 'asc' : 'desc')) === 'desc';
  const key = {
    due: { by: t.dueAt, type: 'timestamptz', nullable: true },
    created: { by: created, type: 'timestamptz', nullable: false },
    priority: { by: rank(t.priority), type: 'int', nullable: false }
  } as const;
  return { ...key[by], descending };
}

/** The client is one the actor sees; `client_access` holds only his own rows for him. */
export const throughClient = (clientId: AnyPgColumn): SQL =>
  sql`${clientId} in (select a.client_id from client_access a)`;

export const hisPeople = (actor: Actor, column: AnyPgColumn): SQL => amongIds(column, actor.visibleUserIds);

export const hisTeams = (actor: Actor, column: AnyPgColumn): SQL =>
  amongIds(column, [...new Set([...actor.teamIds, ...actor.headedTeamIds])]);
