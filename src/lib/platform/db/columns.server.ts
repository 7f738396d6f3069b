import { sql, type SQL } from 'drizzle-orm';
import { bigint, check, integer, numeric, text, timestamp, type AnyPgColumn } from 'drizzle-orm/pg-core';

/** The row's id: `bigint generated always as identity`, a plain number in JavaScript. */
export const identity = () => bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();

/** A reference to another row's id. */
export const reference = () => bigint({ mode: 'number' });

/** A point in time, kept with microseconds in Postgres and read as a Date. */
export const instant = () => timestamp({ withTimezone: true });

/** When the row was written. */
export const createdAt = () => instant().notNull().defaultNow();

/** Money and quantities: exact, a string in JavaScript. */
export const amount = () => numeric({ precision: 18, scale: 2 });

/** The version an update must have seen. */
export const version = () => integer().notNull().default(1);

/**
 * The human number beside an id (`LD-000123`), computed by Postgres.
 * `id` names the column by its name, since a generated column cannot refer to a Drizzle object being built.
 * Unique as the id is, and not said so: where a trigger comes before an update, a unique number would count as changed,
 * and nobody could add what refers to the row meanwhile.
 */
export const humanNumber = (prefix: string) =>
  text()
    .notNull()
    .generatedAlwaysAs(sql.raw(`'${prefix}-' || lpad(id::text, greatest(6, length(id::text)), '0')`));

/** A check that a text column holds one of the values (or is null). */
export function oneOf(name: string, column: AnyPgColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`);
}

/** A condition as raw SQL, for policies and partial indexes. */
export const condition = (text: string): SQL => sql.raw(text);
