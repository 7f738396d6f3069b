import type { Sql } from 'postgres';
import type { TestFirm } from '../support/firm.ts';
import { mintInteraction } from '../support/records.ts';
import {
  ADMINISTRATORS,
  asMinted,
  cells,
  CLIENT,
  HEADS,
  NOTHING,
  ofClient,
  UNSAID,
  type Present,
  type Row,
  type TableExpectation
} from './table-rows.ts';
import { mint, type ActorName } from './world.ts';

const clockRow =
  (column = 'clock_id') =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id } = await mint(firm, 'clock', name, relation);
    await sql`insert into clock_holds (clock_id, kind, until, reason) values (${id}, 'acknowledged', now(), 'x')`;
    await sql`insert into clock_moves (clock_id, from_version_id, policy_version_id, because)
      select id, policy_version_id, policy_version_id, '[]' from clocks where id = ${id}`;
    await sql`insert into clock_move_client_reasons (move_id, others_before, reason)
      select id, 0, '{}' from clock_moves where clock_id = ${id}`;
    await sql`insert into escalations (clock_id, step_key, policy_version_id, kind, action_at)
      select id, 'x', policy_version_id, 'warn', now() from clocks where id = ${id} on conflict do nothing`;
    return { column, value: id };
  };

async function moveRow(sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> {
  const { value: clockId } = await clockRow()(sql, firm, name, relation);
  const [move] = await sql<
    { id: number }[]
  >`select id::int as id from clock_moves where clock_id = ${clockId}`;
  return { column: 'move_id', value: move?.id ?? 0 };
}

async function review(sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> {
  const { id: clientId } = await mint(firm, 'client', name, relation);
  const value = await mintInteraction({ clientId, purpose: 'portfolio_review' });
  await sql`insert into portfolio_reviews (interaction_id, held_on) values (${value}, '2026-01-15')`;
  await sql`insert into reviewed_holdings (interaction_id, product_name) values (${value}, 'x')`;
  return { column: 'interaction_id', value };
}

/** Those of clients, leads and the work for them. */
export const RECORD_TABLES: Record<string, TableExpectation> = {
  clients: { cells: cells(CLIENT, CLIENT, ADMINISTRATORS), touch: 'name', make: asMinted('client') },
  client_access: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'sort_name',
    make: asMinted('client', 'client_id')
  },
  client_contact_points: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'label', make: asMinted('point') },
  client_addresses: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'city', make: asMinted('address') },
  client_tags: {
    cells: cells(CLIENT, CLIENT, CLIENT),
    touch: 'tag',
    make: ofClient((sql, id) => sql`insert into client_tags (client_id, tag) values (${id}, 'vip')`)
  },
  client_notes: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'body',
    make: ofClient(
      (sql, id, firm) =>
        sql`insert into client_notes (client_id, author_id, body) values (${id}, ${firm.goneId}, 'x')`
    )
  },
  duplicate_reviews: {
    cells: cells('000 000 110 111', '000 000 110 111', NOTHING),
    touch: 'matched_on',
    make: ofClient(
      (sql, id, firm) =>
        sql`insert into duplicate_reviews (client_id, matched_on, asked_by_id) values (${id}, 'email', ${firm.goneId})`
    )
  },
  interactions: {
    cells: cells(CLIENT, UNSAID, UNSAID),
    touch: 'subject',
    make: async (_, firm, name, relation) => {
      const { id } = await mint(firm, 'client', name, relation);
      return { column: 'id', value: await mintInteraction({ clientId: id }) };
    }
  },
  portfolio_reviews: { cells: cells(CLIENT, UNSAID, NOTHING), touch: 'next_on', make: review },
  reviewed_holdings: { cells: cells(CLIENT, NOTHING, UNSAID), touch: 'product_name', make: review },
  holdings: { cells: cells(CLIENT, CLIENT, '000 000 000 111'), touch: 'folio', make: asMinted('holding') },
  leads: {
    cells: cells('100 000 110 111', '100 000 110 111', ADMINISTRATORS),
    touch: 'name',
    make: asMinted('lead')
  },
  lead_contacts: {
    cells: cells('100 000 110 111', HEADS, HEADS),
    touch: 'subject',
    make: async (sql, firm, name, relation) => {
      const { id } = await mint(firm, 'lead', name, relation);
      await sql`insert into lead_contacts (lead_id, user_id, logged_by_id, channel, direction, answered, subject, occurred_at)
        values (${id}, ${firm.goneId}, ${firm.goneId}, 'call', 'outbound', true, 'x', now())`;
      return { column: 'lead_id', value: id };
    }
  },
  queries: { cells: cells(CLIENT, CLIENT, ADMINISTRATORS), touch: 'subject', make: asMinted('query') },
  service_requests: {
    cells: cells('100 110 111 111', CLIENT, ADMINISTRATORS),
    touch: 'details',
    make: asMinted('request')
  },
  comments: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'body',
    make: async (sql, firm, name, relation) => {
      const { id } = await mint(firm, 'query', name, relation);
      await sql`insert into comments (subject_kind, subject_id, author_id, body) values ('query', ${id}, ${firm.goneId}, 'x')`;
      return { column: 'subject_id', value: id };
    }
  },
  clocks: { cells: cells(CLIENT, CLIENT, NOTHING), touch: 'due_at', make: clockRow('id') },
  clock_segments: { cells: cells(CLIENT, CLIENT, NOTHING), touch: 'to_at', make: clockRow() },
  clock_steps: { cells: cells(CLIENT, CLIENT, CLIENT), touch: 'position', make: clockRow() },
  clock_holds: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'reason', make: clockRow() },
  clock_moves: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'because', make: clockRow() },
  clock_move_client_reasons: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'reason', make: moveRow },
  escalations: { cells: cells(CLIENT, NOTHING, NOTHING), touch: 'kind', make: clockRow() },
  client_merges: {
    cells: cells(CLIENT, NOTHING, NOTHING),
    touch: 'old_name',
    make: ofClient(
      (sql, id, firm) => sql`insert into client_merges (old_id, old_number, old_name, client_id, merged_by_id)
        values (${id}, 'CL-0', 'x', ${id}, ${firm.goneId})`
    )
  }
};
