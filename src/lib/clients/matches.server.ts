import { sql } from 'drizzle-orm';
import { panIndexOf } from '#lib/platform/crypto/pan.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { emailKey, phoneKey } from './contact.server.ts';
import { normalisedPan } from './pan.ts';

/** Texts as they were typed; what is empty or no address at all is not looked for. */
export interface MatchQuery {
  pan?: string | null | undefined;
  emails?: (string | null | undefined)[];
  phones?: (string | null | undefined)[];
  accountId?: string | null | undefined;
}

export type MatchedOn = 'pan' | 'account' | 'email' | 'phone';

/** A client that may be the same. */
export interface Match {
  id: number;
  matchedOn: MatchedOn;
  /** Hidden ones must not be shown, nor their number counted aloud: send them for review. */
  visible: boolean;
  name: string | null;
  number: string | null;
}

export const MATCH_LABELS: Record<MatchedOn, string> = {
  pan: 'the same PAN',
  account: 'the same account id',
  email: 'the same e-mail address',
  phone: 'the same phone number'
};

const keys = (texts: (string | null | undefined)[] | undefined, keyOf: (text: string) => string | null) =>
  (texts ?? []).map((text) => (text ? keyOf(text) : null)).filter((key) => key !== null);

/**
 * Clients with this PAN, account id, e-mail or phone, the strongest match of each, also among those the actor does
 * not see. A guardian's PAN is not his ward's: leave it out for a minor.
 */
export async function findMatches(tx: Tx, query: MatchQuery): Promise<Match[]> {
  const pan = query.pan ? panIndexOf(normalisedPan(query.pan)) : null;
  const emails = keys(query.emails, emailKey);
  const phones = keys(query.phones, phoneKey);
  const account = query.accountId?.trim() || null;
  if (!pan && !account && emails.length === 0 && phones.length === 0) return [];
  const rows = await tx.execute<{
    id: number;
    on: MatchedOn;
    visible: boolean;
    name: string;
    number: string;
  }>(sql`
    select m.id, m.matched_on as "on", m.visible, c.name, c.number
    from app.match_clients(${pan}, ${sql.param(emails)}::text[], ${sql.param(phones)}::text[], ${account}) m
    left join clients c on c.id = m.id
    order by m.id`);
  return rows.map(({ on, ...row }) => ({ ...row, matchedOn: on }));
}
