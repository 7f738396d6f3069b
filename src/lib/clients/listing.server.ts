import { sql, type SQL } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import { decodeCursor } from '#lib/platform/db/keyset.server.ts';
import type { Attention, Contacted } from './attention.ts';
import type { ClientSort, ListClientsInput } from './model.ts';
import type { ReviewDue } from './review-due.ts';

/** A list of clients as asked for, in the form its statements are made of. */
export interface Listing {
  /** Whose entries in `client_access` lead to the clients; null reads the clients themselves. */
  principals: number[] | null;
  filters: SQL[];
  /** Archived clients are left out. */
  activeOnly: boolean;
  by: ClientSort;
  direction: 'asc' | 'desc';
  after: [string, number] | null;
  limit: number;
}

export const firmZone = sql`(select coalesce(max(time_zone), 'Asia/Kolkata') from firm_settings)`;
export const firmToday = sql`(now() at time zone ${firmZone})::date`;

/** The clients `c` of each state. */
export const inAttention: Record<Attention, SQL> = {
  never: sql`c.contact_urgent_from is null`,
  urgent: sql`c.contact_urgent_from <= now()`,
  warning: sql`c.contact_urgent_from > now() and c.contact_warning_from <= now()`,
  fine: sql`c.contact_warning_from > now()`
};

/** The state of the client `c` with how it comes about, see `Contacted`, as JSON. */
export const contactedJson = sql<Contacted>`json_build_object(
  'attention', case when ${inAttention.never} then 'never' when ${inAttention.urgent} then 'urgent'
    when ${inAttention.warning} then 'warning' else 'fine' end,
  'daysSinceContact', ${firmToday} - (c.last_contact_at at time zone ${firmZone})::date,
  'urgentAfterDays', c.contact_urgent_days)`;

const REVIEW_FILTERS: Record<ReviewDue, SQL> = {
  overdue: sql`c.next_review_on < ${firmToday}`,
  week: sql`c.next_review_on between ${firmToday} and ${firmToday} + 7`,
  soon: sql`c.next_review_on between ${firmToday} and ${firmToday} + 30`,
  none: sql`c.next_review_on is null`
};

/** What is sorted by, never null, and how to read it back from a cursor. */
export const SORT_KEYS: Record<ClientSort, { key: SQL; type: SQL }> = {
  name: { key: sql`c.sort_name`, type: sql`text` },
  type: { key: sql`c.type`, type: sql`text` },
  rm: {
    key: sql`coalesce((select lower(p.name) from users p where p.id = c.primary_rm_id), '')`,
    type: sql`text`
  },
  openWork: { key: sql`c.open_work`, type: sql`int` },
  lastContact: { key: sql`coalesce(c.last_contact_at, '-infinity')`, type: sql`timestamptz` },
  nextReview: { key: sql`coalesce(c.next_review_on, 'infinity')`, type: sql`date` },
  created: { key: sql`c.created_at`, type: sql`timestamptz` }
};

/** More matches of a search than this are not listed: it was too short to mean anything. */
const MOST_FOUND = 1000;

export function listingOf(
  actor: Actor,
  { filter = {}, sort, cursor, limit = 50 }: ListClientsInput
): Listing {
  const place = decodeCursor(cursor, 2);
  return {
    principals: principalsOf(actor, filter.rmId),
    filters: filtersOf(actor, filter),
    activeOnly: (filter.lifecycle ?? 'active') === 'active',
    by: sort?.by ?? 'name',
    direction: sort?.direction ?? 'asc',
    after: place && [String(place[0]), Number(place[1])],
    limit
  };
}

function filtersOf(actor: Actor, filter: NonNullable<ListClientsInput['filter']>): SQL[] {
  const { q, rmId, type, tier, tag, language, lifecycle, reviewDue, attention } = filter;
  const filters: SQL[] = [];
  if (q) filters.push(sql`c.id in (${found(q)})`);
  if (rmId !== undefined) filters.push(sql`(c.primary_rm_id = ${rmId} or c.secondary_rm_id = ${rmId})`);
  if (filter.people) filters.push(sql`c.primary_rm_id = any (${idArray(actor.peopleIds)})`);
  if (type) filters.push(sql`c.type = ${type}`);
  if (tier) filters.push(sql`c.tier = ${tier}`);
  if (language) filters.push(sql`c.language = ${language}`);
  if (tag)
    filters.push(sql`exists (select 1 from client_tags t where t.client_id = c.id and t.tag = ${tag})`);
  if (lifecycle === 'archived') filters.push(sql`c.lifecycle = 'archived'`);
  if (reviewDue) filters.push(REVIEW_FILTERS[reviewDue]);
  if (attention) filters.push(inAttention[attention]);
  return filters;
}

/** By name, number and the like, or by the number of a client that was merged into this one. */
const found = (q: string) => sql`
  select f.id from app.find_clients(${q}, ${MOST_FOUND}) f
  union all select m.client_id from client_merges m where m.old_number = upper(${q})`;

/** One RM's clients are read through his own entries, which a point of contact always has. */
function principalsOf(actor: Actor, rmId: number | undefined): number[] | null {
  if (rmId !== undefined && (actor.seesAll || actor.visibleUserIds.includes(rmId))) return [rmId];
  if (actor.seesAll) return null;
  const teams = new Set([...actor.teamIds, ...actor.headedTeamIds]);
  return [...actor.visibleUserIds, ...[...teams].map((id) => -id)];
}
