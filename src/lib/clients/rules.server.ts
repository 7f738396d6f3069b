import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { MATCH_LABELS, type Match } from './matches.server.ts';
import type { Lifecycle } from './model.ts';

/** Things a client refers to; what is left out or null is not looked at. */
interface References {
  type?: string | undefined;
  tier?: string | null | undefined;
  userIds?: (number | null | undefined)[];
}

/** Refuses new work and plans for a client that was put aside. Throws RuleViolation. */
export function refuseArchived({ number, lifecycle }: { number: string; lifecycle: Lifecycle | null }): void {
  if (lifecycle === 'archived') throw new RuleViolation(`${number} is archived; bring it back first`);
}

/**
 * Checks that type and tier are on the firm's lists and that the people are there and active; returns the firm's
 * rule on PANs. Throws RuleViolation or NotFound.
 */
export async function checkReferences(tx: Tx, { type, tier, userIds }: References) {
  const ids = [...new Set(userIds?.filter((id) => typeof id === 'number'))];
  const known = (list: string, key: string | null | undefined) =>
    sql`(${key ?? null}::text is null or exists (select 1 from list_items where list = ${list} and key = ${key ?? null} and active))`;
  const [row] = await tx.execute<{
    compulsory: boolean;
    type: boolean;
    tier: boolean;
    people: { active: boolean }[];
  }>(sql`
    select coalesce((select pan_compulsory from firm_settings), true) as compulsory,
      ${known('client_type', type)} as type, ${known('client_tier', tier)} as tier,
      (select coalesce(json_agg(json_build_object('active', u.active)), '[]') from users u
        where u.id = any (${sql.param(ids)}::bigint[])) as people`);
  if (!row) throw new Error('No answer');
  if (!row.type) throw new RuleViolation('This type is not on the firm’s list', { field: 'type' });
  if (!row.tier) throw new RuleViolation('This tier is not on the firm’s list', { field: 'tier' });
  if (row.people.length < ids.length) throw new NotFound();
  if (row.people.some((person) => !person.active))
    throw new RuleViolation('Only active colleagues can look after somebody', { field: 'primaryRmId' });
  return { panCompulsory: row.compulsory };
}

const UNIQUE = ['pan', 'account'];

/**
 * Refuses what the actor can see to be a duplicate, naming it. An equal PAN or account id is never let through,
 * an equal e-mail or phone when the form says that the likeness is known.
 */
export function refuseVisibleMatches(matches: Match[], evenIfSimilar = false): void {
  const known = matches.filter(
    (match) => match.visible && (!evenIfSimilar || UNIQUE.includes(match.matchedOn))
  );
  const [first] = known;
  if (!first) return;
  const message = `${first.number} ${first.name} has ${MATCH_LABELS[first.matchedOn]}`;
  throw new RuleViolation(message, {
    matches: known.map(({ id, number, name, matchedOn }) => ({ id, number, name, matchedOn })),
    canContinue: known.every((match) => !UNIQUE.includes(match.matchedOn))
  });
}
