import { aliasedTable, asc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { promiseOf } from '#lib/clocks/type-promise.server.ts';
import { teams } from '#lib/people/schema.server.ts';
import { historyOf } from '#lib/platform/audit/history.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { requestTypes } from './schema.server.ts';
import type { listTypesInput } from './type-inputs.ts';

const team = aliasedTable(teams, 'team');

const columns = {
  id: requestTypes.id,
  key: requestTypes.key,
  name: requestTypes.name,
  tatDays: requestTypes.defaultTatDays,
  checklist: requestTypes.checklist,
  fields: requestTypes.fields,
  team: { id: team.id, name: team.name },
  active: requestTypes.active
};

/** How many requests have the type, and how many of them are not finished. */
const uses = {
  requests: sql<number>`(select count(*)::int from service_requests r where r.type_id = ${requestTypes.id})`,
  unfinished: sql<number>`(select count(*)::int from service_requests r
    where r.type_id = ${requestTypes.id} and r.status in ('pending', 'in_progress'))`
};

/** The kinds of request to choose from; `all` also those that are no longer offered. */
export function listRequestTypes(tx: Tx, { all = false }: { all?: boolean | undefined }) {
  return tx
    .select(columns)
    .from(requestTypes)
    .leftJoin(team, eq(team.id, requestTypes.defaultTeamId))
    .where(all ? undefined : eq(requestTypes.active, true))
    .orderBy(asc(requestTypes.position), asc(requestTypes.name));
}

/** Every type with what it is used for, in the order of the lists; for those who look after them. */
export async function typesInUse(tx: Tx, input: z.infer<typeof listTypesInput>) {
  const active = input?.filter?.active;
  const items = await tx
    .select({ ...columns, ...uses, position: requestTypes.position, version: requestTypes.version })
    .from(requestTypes)
    .leftJoin(team, eq(team.id, requestTypes.defaultTeamId))
    .where(active === undefined ? undefined : eq(requestTypes.active, active))
    .orderBy(asc(requestTypes.position), asc(requestTypes.name));
  return { items, nextCursor: null, total: items.length, totalIsEstimate: false };
}

/** Everything for a type's page. */
export async function typeById(tx: Tx, id: number) {
  const [row] = await tx
    .select({
      ...columns,
      ...uses,
      defaultTatDays: requestTypes.defaultTatDays,
      defaultTeamId: requestTypes.defaultTeamId,
      position: requestTypes.position,
      version: requestTypes.version
    })
    .from(requestTypes)
    .leftJoin(team, eq(team.id, requestTypes.defaultTeamId))
    .where(eq(requestTypes.id, id));
  if (!row) throw new NotFound();
  return { ...row, promise: await promiseOf(tx, row), history: await historyOf(tx, 'request_types', id) };
}
