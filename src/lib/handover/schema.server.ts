import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import {
  createdAt,
  humanNumber,
  identity,
  instant,
  oneOf,
  reference
} from '#lib/platform/db/columns.server.ts';
import { allOf, anyOf, inPeople, isActor, visibleBy } from '#lib/platform/db/policies.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { HANDOVER_PARTS, UNDO_OUTCOMES, type HandoverPart, type WorkCounts } from './model.ts';

/** The people a record belonged or belongs to, by the names of the columns in Drizzle. */
export type Belongs = Record<string, number | null>;

const mayHandOver = sql.raw(`(select app.may('clients.handover'))`);

/** One person's work passed to others, in one transaction. */
export const handovers = pgTable(
  'handovers',
  {
    id: identity(),
    number: humanNumber('HO').unique(),
    fromId: reference()
      .notNull()
      .references(() => users.id),
    toIds: reference().array().notNull(),
    byId: reference()
      .notNull()
      .references(() => users.id),
    parts: text({ enum: HANDOVER_PARTS }).array().notNull().$type<HandoverPart[]>(),
    counts: jsonb().$type<WorkCounts>().notNull(),
    note: text(),
    createdAt: createdAt(),
    undoneAt: instant(),
    undoneById: reference().references(() => users.id),
    /** How many records went back. */
    restored: integer()
  },
  (t) => [
    index('handovers_from').on(t.fromId, t.id),
    index('handovers_by').on(t.byId, t.id),
    ...visibleBy('handovers', {
      read: anyOf(
        inPeople('from_id'),
        isActor('by_id'),
        sql.raw('to_ids && (select app.visible_user_ids())::bigint[]')
      ),
      change: allOf(mayHandOver, anyOf(inPeople('from_id'), isActor('by_id'))),
      add: allOf(mayHandOver, isActor('by_id'))
    })
  ]
);

const ofHandover = (condition: string) =>
  sql.raw(`exists (select 1 from handovers h where h.id = handover_items.handover_id and (${condition}))`);
const mine = 'h.by_id = (select app.acting_user_id())';
const theirs = 'h.from_id = any ((select app.visible_user_ids())::bigint[])';

/** One record that passed; a client may be there for its primary contact, its second and its planned contact. */
export const handoverItems = pgTable(
  'handover_items',
  {
    id: identity(),
    handoverId: reference()
      .notNull()
      .references(() => handovers.id, { onDelete: 'cascade' }),
    part: text({ enum: HANDOVER_PARTS }).notNull(),
    /** The id of the client, lead, query or request; it may be gone by now. */
    recordId: reference().notNull(),
    toId: reference()
      .notNull()
      .references(() => users.id),
    before: jsonb().$type<Belongs>().notNull(),
    after: jsonb().$type<Belongs>().notNull(),
    /** What an undo did with it; null before. */
    outcome: text({ enum: UNDO_OUTCOMES })
  },
  (t) => [
    oneOf('handover_items_part', t.part, HANDOVER_PARTS),
    oneOf('handover_items_outcome', t.outcome, UNDO_OUTCOMES),
    index('handover_items_part_of').on(t.handoverId, t.part, t.id),
    ...visibleBy('handover_items', {
      read: anyOf(inPeople('to_id'), ofHandover(`${mine} or ${theirs}`)),
      change: allOf(mayHandOver, ofHandover(`${mine} or ${theirs}`)),
      add: allOf(mayHandOver, ofHandover(mine))
    })
  ]
);
