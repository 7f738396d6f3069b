import { sql, type SQL } from 'drizzle-orm';
import type { SubjectKind, TargetName, WaitingFor } from '#lib/clocks/model.ts';
import type { LoadedPolicy } from '#lib/clocks/policies.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** An open record that lacks a clock. */
export interface Lacking {
  id: number;
  /** Nobody has answered or begun yet, so that a first response can still be given. */
  fresh: boolean;
  waitingOn: WaitingFor | null;
  waitingWhy: string | null;
  /** Something was promised on it before. */
  known: boolean;
  /** Targets whose clocks run, and those whose last one lapsed. */
  running: TargetName[];
  lapsed: TargetName[];
}

/** What a promise may be running on: the rows of each kind, as `s`. */
export const OPEN: Record<SubjectKind, SQL> = {
  query: sql`queries s where s.status in ('open', 'in_progress')`,
  request: sql`service_requests s where s.status in ('pending', 'in_progress')`,
  lead: sql`leads s where s.status in ('new', 'wip')`,
  client: sql`clients s where s.lifecycle = 'active'`
};

const FRESH: Record<SubjectKind, SQL> = {
  query: sql`s.status = 'open' and s.first_responded_at is null`,
  request: sql`s.status = 'pending'`,
  lead: sql`false`,
  client: sql`false`
};

/** What a record must have before a promise can begin on it: a preview looks through no others. */
const CAN_BE: Partial<Record<TargetName, SQL>> = {
  first_call: sql`s.assigned_at is not null`,
  follow_up: sql`s.next_follow_up_on is not null`,
  contact: sql`s.primary_rm_id is not null`,
  review: sql`s.primary_rm_id is not null and s.next_review_on is not null`
};

type Kind = { kind: 'query' | 'request'; work: true } | { kind: 'lead' | 'client'; work: false };

export const kindOf = (kind: SubjectKind): Kind =>
  kind === 'query' || kind === 'request' ? { kind, work: true } : { kind, work: false };

export interface Page {
  afterId: number;
  limit: number;
  /** Leaves out records on which nothing could begin. */
  possible?: boolean;
  /** Only of these. */
  among?: number[];
}

/** Open records without a clock for something that one of the policies promises, by id. */
export async function readLacking(
  tx: Tx,
  kind: SubjectKind,
  policies: LoadedPolicy[],
  { afterId, limit, possible, among }: Page
): Promise<Lacking[]> {
  const promised = [...new Set(policies.flatMap(({ targets }) => targets.map(({ target }) => target)))];
  if (promised.length === 0) return [];
  const waiting = kindOf(kind).work
    ? sql`'waitingOn', s.waiting_on, 'waitingWhy', s.waiting_why`
    : sql`'waitingOn', null, 'waitingWhy', null`;
  const clocksOf = sql`from clocks k where k.subject_kind = ${kind} and k.subject_id = s.id`;
  const running = sql`${clocksOf} and k.state in ('running', 'paused')`;
  const lapsed = sql`${clocksOf} and k.lapsed`;
  const lacks = promised.map((target) => {
    const runs = sql`exists (select 1 ${running} and k.target = ${target})`;
    if (target === 'next_response') return sql`exists (select 1 ${lapsed} and k.target = ${target})`;
    if (target === 'first_response') return sql`${FRESH[kind]} and not ${runs}`;
    return sql`${(possible && CAN_BE[target]) || sql`true`} and not ${runs}`;
  });
  return jsonRows<Lacking>(
    tx,
    sql`select json_build_object('id', s.id, 'fresh', ${FRESH[kind]}, ${waiting}, 'known', exists (select 1 ${clocksOf}),
        'running', (select coalesce(json_agg(k.target), '[]'::json) ${running}),
        'lapsed', (select coalesce(json_agg(k.target), '[]'::json) ${lapsed})) as row
      from ${OPEN[kind]} and s.id > ${afterId} ${among ? sql`and s.id = any (${idArray(among)})` : sql``}
        and (${sql.join(
          lacks.map((each) => sql`(${each})`),
          sql` or `
        )})
      order by s.id limit ${limit}`
  );
}
