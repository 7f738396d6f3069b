import { sql } from 'drizzle-orm';
import type { Subject, SubjectKind } from '#lib/clocks/model.ts';
import { readOpenClocks, type OpenClock } from '#lib/clocks/open-clocks.server.ts';
import { loadPolicies, matchOf, type LoadedPolicy } from '#lib/clocks/policies.server.ts';
import { readSubjects } from '#lib/clocks/subjects.server.ts';
import { underPolicy } from '#lib/clocks/under-policy.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** A policy or a calendar that changed, and in a few words how. */
export interface Scope {
  policyId?: number;
  calendarId?: number;
  what: string;
}

/** A clock as it is and as it will be; null where nothing is promised any more. */
export interface Revision {
  clock: OpenClock;
  next: OpenClock | null;
}

/** Everything that is needed to say what becomes of clocks; read once for many. */
export interface Reviser {
  /** Whose clocks are to be looked at. */
  page: { kind?: SubjectKind; calendarId?: number };
  /** Null where only a calendar changed. */
  policy: { id: number; kind: SubjectKind; versions: Set<number>; all: LoadedPolicy[] } | null;
}

/** Null where what changed is gone. */
export async function reviserOf(tx: Tx, { policyId, calendarId }: Scope): Promise<Reviser | null> {
  if (policyId === undefined) return calendarId === undefined ? null : { page: { calendarId }, policy: null };
  const rows = await tx.execute<{ kind: SubjectKind; version: number }>(sql`
    select p.subject_kind as kind, v.id as version from policies p join policy_versions v on v.policy_id = p.id
    where p.id = ${policyId}`);
  const kind = rows[0]?.kind;
  if (!kind) return null;
  const versions = new Set([...rows].map(({ version }) => Number(version)));
  return { page: { kind }, policy: { id: policyId, kind, versions, all: await loadPolicies(tx, kind) } };
}

interface Page {
  afterId: number;
  limit: number;
  /** Locked until the end of the transaction, to be written. */
  lock?: boolean;
}

export const readPage = (tx: Tx, reviser: Reviser, page: Page) =>
  readOpenClocks(tx, { ...reviser.page, ...page });

const isOpen = sql`k.state in ('running', 'paused')`;
const ofReviser = ({ page: { kind, calendarId } }: Reviser) =>
  kind ? sql`k.subject_kind = ${kind}` : sql`k.calendar_id = ${calendarId}`;

/** Running clocks that the reader sees and that may be concerned. */
export async function countOpen(tx: Tx, reviser: Reviser): Promise<number> {
  const [row] = await tx.execute<{ clocks: number }>(
    sql`select count(*)::int as clocks from clocks k where ${isOpen} and ${ofReviser(reviser)}`
  );
  return row?.clocks ?? 0;
}

/** The ids after which the so manieth running clocks come, in one pass over them; places count from 0. */
export async function idsAt(tx: Tx, reviser: Reviser, places: number[]): Promise<number[]> {
  const rows = await tx.execute<{ id: number }>(sql`
    select id from (
      select k.id, row_number() over (order by k.id) - 1 as place from clocks k where ${isOpen} and ${ofReviser(reviser)}
    ) placed where place = any (${idArray(places)}) order by id`);
  return rows.map(({ id }) => Number(id) - 1);
}

/**
 * What becomes of these clocks: those that ran under the policy, and those that match it now, go over to whatever
 * policy matches them; others are left alone, whatever else has changed since they began.
 */
export async function revise(tx: Tx, { policy }: Reviser, clocks: OpenClock[]): Promise<Revision[]> {
  if (!policy) return clocks.map((clock) => ({ clock, next: clock }));
  const subjects = await readSubjects(
    tx,
    policy.kind,
    clocks.map(({ subjectId }) => subjectId)
  );
  return clocks.flatMap((clock) => {
    const subject = subjects.get(clock.subjectId);
    const revision = subject && revised(clock, subject, policy);
    return revision ? [revision] : [];
  });
}

function revised(clock: OpenClock, subject: Subject, policy: NonNullable<Reviser['policy']>) {
  const match = matchOf(policy.all, subject);
  const concerned = policy.versions.has(clock.policyVersionId) || match?.policyId === policy.id;
  if (!concerned || match?.policyVersionId === clock.policyVersionId) return null;
  return { clock, next: match && underPolicy(clock, match) };
}
