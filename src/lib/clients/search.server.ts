import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { findMatches, type MatchedOn } from './matches.server.ts';

export interface FoundClient extends Record<string, unknown> {
  id: number;
  name: string;
  number: string;
  organisation: string | null;
}

/**
 * Clients by name, number (also that of one merged into them), organisation or account id, best first; slips of the finger are forgiven. `minimal`
 * finds, for those who open requests for anybody, every client by name and number only.
 */
export async function searchClients(
  tx: Tx,
  { q, minimal = false, limit = 10 }: { q: string; minimal?: boolean | undefined; limit?: number | undefined }
): Promise<FoundClient[]> {
  const rows = await tx.execute<FoundClient>(sql`
    select c.id, c.name, c.number, case when ${minimal} then null else c.organisation end as organisation
    from client_merges m join clients c on c.id = m.client_id where m.old_number = upper(${q})
    union all
    select id, name, number, organisation from app.find_client_labels(${q}, ${limit}, ${minimal})`);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

export interface Duplicate {
  id: number;
  number: string;
  name: string;
  /** `name` means that it is spelled alike. */
  matchedOn: MatchedOn | 'name';
}

interface Typed {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  whatsapp?: string | undefined;
  pan?: string | undefined;
  accountId?: string | undefined;
  /** The one that is being edited. */
  exceptId?: number | undefined;
}

const MOST_ALIKE = 5;

/** Clients the actor sees that a half-filled form may be about; of hidden ones nothing is said here. */
export async function possibleDuplicates(tx: Tx, typed: Typed): Promise<Duplicate[]> {
  const matches = await findMatches(tx, {
    pan: typed.pan,
    accountId: typed.accountId,
    emails: [typed.email],
    phones: [typed.phone, typed.whatsapp]
  });
  const same = matches.flatMap(({ id, number, name, matchedOn }) =>
    number !== null && name !== null && id !== typed.exceptId ? [{ id, number, name, matchedOn }] : []
  );
  const name = typed.name ?? '';
  const alike = name.length < 3 ? [] : await searchClients(tx, { q: name, limit: MOST_ALIKE });
  const known = new Set([typed.exceptId, ...same.map((match) => match.id)]);
  return [
    ...same,
    ...alike
      .filter((client) => !known.has(client.id))
      .map(({ id, number, name }) => ({ id, number, name, matchedOn: 'name' as const }))
  ];
}
