import { sql } from 'drizzle-orm';
import type { CalendarRef } from './calendars.server.ts';
import { holdersJson, type Holders } from './holders.server.ts';
import type { ClockState, HoldKind, SegmentKind, StepAction, StepKind, Tell } from './model.ts';
import type { ExplainedMove } from './moves-wording.ts';
import type { ClockRow } from './open-clocks.server.ts';
import type { ClockUse } from './plan.ts';

/** A clock with everything that was done on it, as `detailJson` writes it. */
export interface DetailRow extends ClockRow {
  state: ClockState;
  round: number;
  policyName: string;
  policyVersion: number;
  clientWord: string;
  endedAt: string | null;
  /** By which calendar its minutes were counted; null while it runs. */
  endedBy: CalendarRef | null;
  /** What it kept when it ended; null while it runs, and where it ended before all of this was kept. */
  kept: ClockUse | null;
  holders: Holders;
  history: { kind: SegmentKind; cause: string; by: string | null; from: string; to: string | null }[];
  holds: HoldRow[];
  moves: MoveRow[];
  ladder: LadderRow[];
}

type MoveRow = Omit<ExplainedMove, 'at' | 'fromDueAt' | 'dueAt'> & {
  at: string;
  fromDueAt: string | null;
  dueAt: string | null;
};

interface HoldRow {
  id: number;
  kind: HoldKind;
  reason: string;
  by: string | null;
  at: string;
  until: string;
}

interface LadderRow {
  key: string;
  /** A step whose time moved ahead after it was carried out comes again. */
  turn: number;
  kind: StepKind;
  tell: Tell;
  tellUserName: string | null;
  does: StepAction[];
  actionAt: string | null;
  carriedOutAt: string | null;
  /** Names of those who were told. */
  told: string[];
  /** What it changed; null where nothing was. */
  did: {
    assigneeFrom: string | null;
    assigneeTo: string | null;
    priorityFrom: string | null;
    priorityTo: string | null;
  } | null;
}

const historyJson = sql`(select coalesce(json_agg(json_build_object(
    'kind', g.kind, 'cause', g.cause, 'by', u.name, 'from', g.from_at, 'to', g.to_at) order by g.id), '[]'::json)
  from clock_segments g left join users u on u.id = g.user_id where g.clock_id = k.id)`;

const holdsJson = sql`(select coalesce(json_agg(json_build_object(
    'id', h.id, 'kind', h.kind, 'reason', h.reason, 'by', u.name, 'at', h.created_at, 'until', h.until)
    order by h.id), '[]'::json)
  from clock_holds h left join users u on u.id = h.user_id where h.clock_id = k.id)`;

/** More moves than these are told by nobody. */
const MOST_MOVES = 10;

const termsJson = (version: string) => sql`(select json_build_object('amount', o.amount, 'unit', o.unit)
  from policy_targets o where o.policy_version_id = m.${sql.raw(version)} and o.target = k.target)`;

/** Those of the client stand where they came, for whom the policy of their table shows them: work is seen by others too. */
const becauseJson = sql`(select coalesce(jsonb_agg(r.reason order by r.others, r.id nulls first), '[]'::jsonb) from (
  select o.reason, o.others, null::bigint as id
  from jsonb_array_elements(m.because) with ordinality o(reason, others)
  union all
  select c.reason, c.others_before, c.id from clock_move_client_reasons c where c.move_id = m.id) r)`;

const movesJson = sql`(select coalesce(json_agg(row order by id), '[]'::json) from (
  select m.id, json_build_object('at', m.created_at, 'because', ${becauseJson}, 'fromDueAt', m.from_due_at,
    'dueAt', m.due_at, 'policyName', mp.name, 'policyVersion', mv.version,
    'samePolicy', m.from_version_id = m.policy_version_id,
    'from', ${termsJson('from_version_id')}, 'to', ${termsJson('policy_version_id')}) as row
  from clock_moves m
  join policy_versions mv on mv.id = m.policy_version_id
  join policies mp on mp.id = mv.policy_id
  where m.clock_id = k.id order by m.id desc limit ${MOST_MOVES}) latest)`;

const nameOf = (path: string) =>
  sql`(select d.name from users d where d.id = (e.did #>> ${path}::text[])::bigint)`;

const didJson = sql`case when e.did is not null then json_build_object(
    'assigneeFrom', ${nameOf('{assignee,from}')}, 'assigneeTo', ${nameOf('{assignee,to}')},
    'priorityFrom', e.did #>> '{priority,from}', 'priorityTo', e.did #>> '{priority,to}') end`;

/**
 * Steps that were carried out stay as they were then, also when the ladder no longer has them; other steps that they
 * count for do not stand beside them.
 */
const ladderJson = sql`(select coalesce(json_agg(json_build_object(
    'key', coalesce(s.step_key, e.step_key), 'turn', coalesce(s.turn, e.turn), 'kind', coalesce(e.kind, s.kind),
    'tell', coalesce(e.tell, s.tell, 'assignee'),
    'tellUserName', u.name, 'does', coalesce(e.does, s.does, '{}'), 'actionAt', coalesce(s.action_at, e.action_at),
    'carriedOutAt', e.carried_out_at, 'did', ${didJson},
    'told', coalesce((select json_agg(t.name order by t.name) from users t where t.id = any (e.told_user_ids)),
      '[]'::json)) order by e.id nulls last, s.action_at nulls last, s.position), '[]'::json)
  from (select * from clock_steps where clock_id = k.id and turn > 0) s
  full join (select * from escalations where clock_id = k.id) e on e.step_key = s.step_key and e.turn = s.turn
  left join users u on u.id = coalesce(e.tell_user_id, s.tell_user_id))`;

/** The version by which it ended; of clocks that ended before versions were kept, the oldest. */
const endedByJson = sql`(select json_build_object('id', y.calendar_id, 'version', y.version, 'name', y.name,
    'timeZone', y.time_zone)
  from calendar_versions y where k.ended_at is not null and y.calendar_id = k.calendar_id
    and y.version = coalesce(k.calendar_version,
      (select min(version) from calendar_versions where calendar_id = k.calendar_id)))`;

const keptJson = sql`case when k.ended_at is not null
    and num_nulls(k.minutes_target, k.minutes_used, k.minutes_ours, k.minutes_third_party, k.minutes_client) = 0
  then json_build_object('total', k.minutes_target, 'used', k.minutes_used, 'ours', k.minutes_ours,
    'thirdParty', k.minutes_third_party, 'client', k.minutes_client) end`;

/** What `clockJson` does not say, of a clock `k`, its policy `p` at `v`, and its record `w` from `holderTables`. */
export const detailJson = sql`jsonb_build_object(
  'state', k.state, 'round', k.round, 'policyName', p.name, 'policyVersion', v.version,
  'clientWord', (select client_word from firm_settings), 'endedAt', k.ended_at, 'endedBy', ${endedByJson}, 'kept', ${keptJson},
  'holders', ${holdersJson},
  'history', ${historyJson}, 'holds', ${holdsJson}, 'moves', ${movesJson}, 'ladder', ${ladderJson})`;

export function toStep({ actionAt, carriedOutAt, ...step }: LadderRow) {
  return { ...step, actionAt: toDate(actionAt), carriedOutAt: toDate(carriedOutAt) };
}

export function toHold({ at, until, ...hold }: HoldRow) {
  return { ...hold, at: new Date(at), until: new Date(until) };
}

export function toMove({ at, fromDueAt, dueAt, ...move }: MoveRow): ExplainedMove {
  return { ...move, at: new Date(at), fromDueAt: toDate(fromDueAt), dueAt: toDate(dueAt) };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
