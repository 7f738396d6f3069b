import { sql } from 'drizzle-orm';
import { index, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { searchRole, systemRole } from '#lib/platform/db/policies.server.ts';

const yes = sql`true`;

/**
 * The words that names of clients and leads are made of, whoever's they are, kept by triggers: slips of the finger are
 * put right by them. Only the functions of search read them, and those show what the searcher sees.
 */
export const searchWords = pgTable('search_words', { word: text().primaryKey() }, (t) => [
  index('search_words_alike').using('gin', t.word.op('gin_trgm_ops')),
  index('search_words_begin').on(t.word.op('text_pattern_ops')),
  pgPolicy('search_words_system', { for: 'all', to: [systemRole, searchRole], using: yes, withCheck: yes })
]);
