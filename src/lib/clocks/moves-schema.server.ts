import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable } from 'drizzle-orm/pg-core';
import { createdAt, identity, instant, reference } from '#lib/platform/db/columns.server.ts';
import { rowVisible, visibleBy } from '#lib/platform/db/policies.server.ts';
import type { MoveReason } from './model.ts';
import { policyVersions } from './policy-schema.server.ts';
import { clocks } from './schema.server.ts';

const clockVisible = rowVisible('clocks', 'clock_id');

/** A due time became another than it had been, other than by waiting: what was changed, and by whom. */
export const clockMoves = pgTable(
  'clock_moves',
  {
    id: identity(),
    clockId: reference()
      .notNull()
      .references(() => clocks.id, { onDelete: 'cascade' }),
    /** Under which it was promised before and afterwards; the same where only the calendar changed. */
    fromVersionId: reference()
      .notNull()
      .references(() => policyVersions.id),
    policyVersionId: reference()
      .notNull()
      .references(() => policyVersions.id),
    /** Null while it stood still. */
    fromDueAt: instant(),
    dueAt: instant(),
    /** What is not about the client; empty where it is not known. */
    because: jsonb().$type<MoveReason[]>().notNull(),
    createdAt: createdAt()
  },
  (t) => [
    index('clock_moves_clock').on(t.clockId, t.id),
    index('clock_moves_policy').on(t.policyVersionId),
    index('clock_moves_from').on(t.fromVersionId),
    ...visibleBy('clock_moves', { read: clockVisible, change: null, add: clockVisible })
  ]
);

const clientOfMoveVisible = sql.raw(
  `exists (select 1 from clock_moves m join clocks k on k.id = m.clock_id join client_access a on a.client_id = k.client_id where m.id = move_id)`
);

/** Why a due time moved, as far as it is the client: told to those alone who see him. */
export const clockMoveClientReasons = pgTable(
  'clock_move_client_reasons',
  {
    id: identity(),
    moveId: reference()
      .notNull()
      .references(() => clockMoves.id, { onDelete: 'cascade' }),
    /** How many of the move's other reasons come before it. */
    othersBefore: integer().notNull(),
    reason: jsonb().$type<MoveReason>().notNull()
  },
  (t) => [
    index('clock_move_client_reasons_move').on(t.moveId),
    ...visibleBy('clock_move_client_reasons', {
      read: clientOfMoveVisible,
      change: null,
      add: clientOfMoveVisible
    })
  ]
);
