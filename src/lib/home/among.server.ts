import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';

/** Whose rows the home page speaks of: all for administrators, V for the others. */
export const among = (actor: Actor, column: string, ids = actor.visibleUserIds): SQL =>
  actor.seesAll ? sql`true` : sql`${sql.raw(column)} = any (${idArray(ids)})`;
