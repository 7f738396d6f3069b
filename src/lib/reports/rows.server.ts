import { sql, type SQL } from 'drizzle-orm';
import type { SubjectKind } from '#lib/clocks/model.ts';
import type { LeadStatus } from '#lib/leads/model.ts';
import { decodeCursor, encodeCursor } from '#lib/platform/db/keyset.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { directoryOf, type Directory } from './directory.server.ts';
import { BEHIND } from './behind.server.ts';
import { every, narrowed } from './facts.server.ts';
import type { Narrowing, RowsInput, Source } from './model.ts';
import { periodOf } from './period.server.ts';

/** A row behind a figure, whatever it is of; what does not apply is null. */
export interface FactRow {
  id: number;
  kind: SubjectKind;
  /** The query, request, lead or client; null for rows of a nightly report. */
  subjectId: number | null;
  number: string | null;
  title: string;
  client: string | null;
  /** A target, a mode, or null. */
  type: string | null;
  state: string;
  person: string | null;
  team: string | null;
  at: Date | null;
  /** The firm date a review was due on or a report is of. */
  onDate: string | null;
  heldOn: string | null;
  dueAt: Date | null;
  value: string | null;
  leads: number | null;
  ours: number | null;
  clientMinutes: number | null;
  thirdParty: number | null;
  policy: string | null;
  /** What leads a row of a nightly report counts. */
  counted: Pick<Narrowing, 'person' | 'team' | 'product' | 'source' | 'status' | 'reason'> | null;
}

interface Totals {
  total: number;
  value: string | null;
  leads: number | null;
  ours: number | null;
  client: number | null;
  thirdParty: number | null;
  /** Of all rows those that count for the report's share. */
  share: number | null;
  /** On average, of each lead. */
  days: number | null;
}

/**
 * The rows behind a figure of a report, newest first, with what they come to: their exact number and their sums. The
 * actor sees the rows that were counted for him.
 */
export async function reportRows(tx: Tx, input: RowsInput) {
  const directory = await directoryOf(tx);
  const { facts, where, more, sums } = BEHIND[input.of](input, directory);
  const conditions = [...narrowed(input), ...where];
  const limit = input.limit ?? 50;
  const [found] = await tx.execute<{ totals: Totals; rows: Listed[] }>(sql`
    with f as materialized (select * from (${facts}) f where ${every(conditions)})
    select (select to_json(t) from (select count(*)::int as total, ${sums} from f) t) as totals,
      (select coalesce(json_agg(p), '[]'::json) from (
        select f.key as id, f.kind, f.subject_id as "subjectId", f.number, f.title, f.client, f.type, f.state,
          f.person_id as "personId", f.team_id as "teamId", coalesce(f.at, '-infinity')::text as place, ${more}
        from f where ${every(behindCursor(input.cursor))}
        order by coalesce(f.at, '-infinity') desc, f.key desc limit ${limit + 1}) p) as rows`);
  const { totals, rows } = found ?? { totals: NO_TOTALS, rows: [] };
  const items = rows.slice(0, limit).map((row) => shown(row, directory));
  const last = rows[limit - 1];
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.place, last.id]) : null,
    ...totals,
    totalIsEstimate: false,
    period: input.of === 'ageing' ? null : periodOf(input, directory.today),
    names: namesOf(input, directory)
  };
}

const NO_TOTALS: Totals = {
  total: 0,
  ...{ value: null, leads: null, ours: null, client: null, thirdParty: null, share: null, days: null }
};

type Listed = Omit<FactRow, 'person' | 'team' | 'at' | 'dueAt' | 'counted'> & {
  personId: number | null;
  teamId: number | null;
  /** Of rows of nightly reports alone. */
  productId?: number | null;
  reason?: string | null;
  place: string;
  at?: string | null;
  dueAt?: string | null;
};

function shown(listed: Listed, { people, teams }: Directory): FactRow {
  const { personId, teamId, productId, reason: _reason, place: _place, ...row } = listed;
  return {
    ...NONE,
    ...row,
    at: row.at ? new Date(row.at) : null,
    dueAt: row.dueAt ? new Date(row.dueAt) : null,
    person: people.find(({ id }) => id === personId)?.name ?? null,
    team: teams.find(({ id }) => id === teamId)?.name ?? null,
    counted: productId === undefined ? null : countedBy(listed)
  };
}

const countedBy = ({ personId, teamId, productId, type, state, reason }: Listed) => ({
  person: personId ?? ('none' as const),
  team: teamId ?? ('none' as const),
  product: productId ?? ('none' as const),
  source: type as Source,
  status: state as LeadStatus,
  ...(reason && { reason })
});

const NONE = {
  onDate: null,
  heldOn: null,
  value: null,
  leads: null,
  ours: null,
  clientMinutes: null,
  thirdParty: null,
  policy: null
};

const TIME = /^(-infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d){0,2})?)$/;

function behindCursor(cursor: string | undefined): SQL[] {
  const place = decodeCursor(cursor, 2);
  if (!place) return [];
  const [at, key] = place;
  if (typeof at !== 'string' || !TIME.test(at) || !Number.isSafeInteger(key))
    throw new RuleViolation('This cursor does not belong to this list; start from its first page');
  return [sql`(coalesce(f.at, '-infinity'), f.key) < (${at}, ${key}::bigint)`];
}

/** What the list is narrowed to, in words. */
function namesOf(
  { team, person, requestType }: RowsInput,
  { teams, people, requestTypes }: Directory
): string[] {
  const name = (all: { id: number; name: string }[], id: number | 'none' | undefined, none: string) =>
    id === undefined ? [] : [id === 'none' ? none : (all.find((one) => one.id === id)?.name ?? none)];
  return [
    ...name(teams, team, 'No team'),
    ...name(people, person, 'Nobody yet'),
    ...name(requestTypes, requestType, 'Another type')
  ];
}
