import { and, eq, gte, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import { amongIds } from '#lib/platform/db/owned.server.ts';
import type { SortKey } from '#lib/platform/db/sorting.server.ts';
import type { DeskSort, Due } from './inputs.ts';
import type { Priority, WaitingOn } from './model.ts';

/** The columns that queries and requests have in common. */
export interface DeskColumns {
  id: AnyPgColumn;
  clientId: AnyPgColumn;
  clientName: AnyPgColumn;
  priority: AnyPgColumn;
  priorityRank: AnyPgColumn;
  statusRank: AnyPgColumn;
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
  overdue?: boolean | undefined;
  due?: Due | undefined;
  overdueFrom?: Date | undefined;
  overdueBefore?: Date | undefined;
  escalatedFrom?: Date | undefined;
}

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

const given = <T>(value: T | undefined, condition: (value: T) => SQL | undefined) =>
  value === undefined ? undefined : condition(value);

interface Searched {
  /** The function that finds ids by what was typed, among what the actor sees. */
  find: SQL;
  /** Work that is not finished. */
  unfinished: SQL;
  kind: 'query' | 'request';
}

export function deskConditions(t: DeskColumns, filter: DeskFilter, { find, unfinished, kind }: Searched) {
  const due = filter.overdue ? 'overdue' : filter.due;
  return and(
    filter.q ? sql`${t.id} in (select f.id from ${find}(${filter.q}, ${MOST_FOUND}) f)` : undefined,
    given(filter.clientId, (id) => eq(t.clientId, id)),
    given(filter.priority, (list) => (list.length > 0 ? inArray(t.priority, list) : undefined)),
    given(filter.teamId, (id) => eq(t.teamId, id)),
    given(filter.waitingOn, (on) => (on === 'nobody' ? isNull(t.waitingOn) : eq(t.waitingOn, on))),
    // What became overdue is not due any more.
    given(due, (when) => and(unfinished, dueWhen(t.dueAt, when))),
    given(filter.overdueFrom, (at) => and(unfinished, overdue(t.dueAt), gte(t.dueAt, at))),
    given(filter.overdueBefore, (at) => and(unfinished, overdue(t.dueAt), lt(t.dueAt, at))),
    given(filter.escalatedFrom, (at) => and(unfinished, escalatedSince(kind, t.id, at)))
  );
}

const overdue = (dueAt: AnyPgColumn) => sql`${dueAt} < now()`;

const escalatedSince = (kind: 'query' | 'request', id: AnyPgColumn, at: Date) => sql`${id} in (
  select s.subject_id from app.seen_steps(${at.toISOString()}::timestamptz, 'infinity', ${kind}) s where s.kind <> 'warning')`;

/** Midnight some days from today in the firm's zone, or after the Sunday of this week. */
const midnight = (day: SQL) =>
  sql`(select (${day})::timestamp at time zone f.time_zone from (
    select time_zone, (now() at time zone time_zone)::date as today from firm_settings) f)`;

function dueWhen(dueAt: AnyPgColumn, when: Due): SQL {
  if (when === 'overdue') return overdue(dueAt);
  const end = when === 'today' ? sql`f.today + 1` : sql`date_trunc('week', f.today)::date + 7`;
  return sql`${dueAt} >= now() and ${dueAt} < ${midnight(end)}`;
}

/** By due time, soonest first; or by creation, priority or the like, newest and most urgent first. */
export function deskSort<By extends string>(
  t: DeskColumns,
  created: AnyPgColumn,
  own: Record<Exclude<By, DeskSort>, SortKey>,
  sort: { by: By; direction?: 'asc' | 'desc' | undefined } | undefined
): SortKey {
  const keys: Record<string, SortKey> = {
    due: { by: t.dueAt, type: 'timestamptz', nullable: true, descending: false },
    created: { by: created, type: 'timestamptz', nullable: false, descending: true },
    priority: { by: t.priorityRank, type: 'int', nullable: false, descending: true },
    status: { by: t.statusRank, type: 'int', nullable: false, descending: false },
    client: { by: t.clientName, type: 'text', nullable: false, descending: false },
    ...own
  };
  const usual = keys[sort?.by ?? 'due'] as SortKey;
  return sort?.direction ? { ...usual, descending: sort.direction === 'desc' } : usual;
}

/** By the name of whoever the column points at; nobody comes last. */
export const byName = (table: SQL, column: AnyPgColumn): SortKey => ({
  by: sql`(select n.name from ${table} n where n.id = ${column})`,
  type: 'text',
  nullable: true,
  descending: false
});

/** The client is one the actor sees; `client_access` holds only his own rows for him. */
export const throughClient = (clientId: AnyPgColumn): SQL =>
  sql`${clientId} in (select a.client_id from client_access a)`;

export const hisPeople = (actor: Actor, column: AnyPgColumn): SQL => amongIds(column, actor.visibleUserIds);

/** With the actor's people or the teams he heads, or of a client of theirs: what a digest is about. */
export function ofHisPeople(
  actor: Actor,
  t: { ownerId: AnyPgColumn; teamId: AnyPgColumn; clientId: AnyPgColumn }
) {
  const people = actor.peopleIds;
  return or(
    amongIds(t.ownerId, people),
    actor.headedTeamIds.length > 0 ? amongIds(t.teamId, actor.headedTeamIds) : undefined,
    sql`${t.clientId} in (select c.id from clients c where c.primary_rm_id = any (${idArray(people)}))`
  );
}

export const hisTeams = (actor: Actor, column: AnyPgColumn): SQL =>
  amongIds(column, [...new Set([...actor.teamIds, ...actor.headedTeamIds])]);
