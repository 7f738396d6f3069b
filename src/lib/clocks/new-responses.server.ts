import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { WorkKind } from './conversations.server.ts';
import type { Exchange } from './exchanges.ts';
import type { Subject } from './model.ts';
import { loadPolicies, matchOf, type LoadedPolicy } from './policies.server.ts';
import { promisedSince } from './promised-since.server.ts';
import type { Wanted } from './responses.ts';
import { readSubjects } from './subjects.server.ts';

interface Promised {
  exchange: Exchange;
  subject: Subject;
  policy: LoadedPolicy;
}

/**
 * Clocks for exchanges that have none, as far as they are promised: for what is owed by the policy that fits now; for
 * what was answered meanwhile only where that promise was made when the question was entered. They are void until the
 * caller writes what is returned, see `writeResponses`.
 */
export async function addResponses(
  tx: Tx,
  kind: WorkKind,
  exchanges: Map<number, Exchange[]>
): Promise<Wanted[]> {
  if (exchanges.size === 0) return [];
  const subjects = await readSubjects(tx, kind, [...exchanges.keys()]);
  const policies = await loadPolicies(tx, kind);
  const promised = [...exchanges].flatMap(([id, each]) => {
    const subject = subjects.get(id);
    const policy = subject && matchOf(policies, subject);
    const isPromised = policy?.targets.some(
      ({ target, unit }) => target === 'next_response' && unit !== 'on_date'
    );
    return policy && isPromised ? each.map((exchange) => ({ exchange, subject, policy })) : [];
  });
  return insertVoid(tx, kind, await withoutLater(tx, kind, promised));
}

/** Without those that were answered before anybody had promised it. */
async function withoutLater(tx: Tx, kind: WorkKind, promised: Promised[]): Promise<Promised[]> {
  const answered = promised.filter(({ exchange }) => exchange.end !== null);
  const since = await promisedSince(
    tx,
    kind,
    answered.map(({ subject, policy }) => ({ id: subject.id, policyId: policy.policyId }))
  );
  return promised.filter(({ exchange: { end, notedAt }, subject }) => {
    const from = since.get(subject.id);
    return end === null || (from !== undefined && notedAt >= from);
  });
}

async function insertVoid(tx: Tx, kind: WorkKind, promised: Promised[]): Promise<Wanted[]> {
  if (promised.length === 0) return [];
  const rows = promised.map(({ exchange, subject, policy }, n) => ({
    n,
    subject_id: subject.id,
    client_id: subject.clientId,
    policy_version_id: policy.policyVersionId,
    calendar_id: policy.calendarId,
    started_at: exchange.askedAt,
    asked_by_id: exchange.questionIds[0]
  }));
  const added = await tx.execute<{ id: number; n: number }>(sql`
    with wanted as (
      select w.*, (select coalesce(max(k.round), 0) from clocks k where k.subject_kind = ${kind}
          and k.subject_id = w.subject_id and k.target = 'next_response')
        + row_number() over (partition by w.subject_id order by w.n) as round
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(
        n int, subject_id bigint, client_id bigint, policy_version_id bigint, calendar_id bigint,
        started_at timestamptz, asked_by_id bigint)),
    added as (
      insert into clocks (subject_kind, subject_id, client_id, target, round, policy_version_id, calendar_id,
        started_at, ended_at, asked_by_id, state)
      select ${kind}, subject_id, client_id, 'next_response', round, policy_version_id, calendar_id,
        started_at, started_at, asked_by_id, 'cancelled'
      from wanted order by n
      returning id, subject_id, round)
    select a.id::int8 as id, w.n from added a join wanted w on w.subject_id = a.subject_id and w.round = a.round`);
  return [...added].flatMap(({ id, n }) => {
    const one = promised[Number(n)];
    return one ? [wantedOf(Number(id), one)] : [];
  });
}

function wantedOf(id: number, { exchange, subject }: Promised): Wanted {
  const { askedAt, end, questionIds } = exchange;
  const askedById = questionIds[0] ?? null;
  const [target, state] = ['next_response', 'cancelled'] as const;
  const clock = { id, subjectId: subject.id, target, state, lapsed: false, askedById, answeredById: null };
  return { clock: { ...clock, startedAt: askedAt, endedAt: askedAt }, startedAt: askedAt, askedById, end };
}
