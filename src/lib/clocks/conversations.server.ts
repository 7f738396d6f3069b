import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { MINUTE } from './calendar.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { jsonRows } from './rows.server.ts';

/** What clients ask of us; its clocks are started and ended by the desk. */
export type WorkKind = Extract<SubjectKind, 'query' | 'request'>;

export const RESPONSES: readonly TargetName[] = ['first_response', 'next_response'];

/** A message, by its id. */
export interface Said {
  id: number;
  inbound: boolean;
  at: Date;
}

export interface Conversation {
  unfinished: boolean;
  /** Taken up, or answered by what was done; a response too. */
  answeredAt: Date | null;
  /** When somebody took the work up: a first response. */
  startedAt: Date | null;
  /** When it was done, each time: a response to all that was owed. */
  doneAt: Date[];
  /** When it was refused, and all that was owed void. */
  voidAt: Date | null;
  /** In the order in which it was said. */
  said: Said[];
}

interface ConversationRow {
  id: number;
  unfinished: boolean;
  answeredAt: string | null;
  startedAt: string | null;
  doneAt: string[];
  voidAt: string | null;
  said: { id: number; inbound: boolean; at: string }[];
}

/** A response that is or was owed. */
interface Owed {
  target: TargetName;
  startedAt: Date;
}

/** The first message to the client that gives the response. */
export const firstAnswer = (conversation: Conversation, owed: Owed): Said | undefined =>
  conversation.said.find((each) => isAnswer(each, owed, conversation));

/**
 * Whether a message gives the response. What people say is noted to the minute, so it counts from the minute in which
 * the work began; in the minute in which the client wrote again it counts if it was noted after that.
 */
export function isAnswer(
  { id, inbound, at }: Said,
  { target, startedAt }: Owed,
  { said }: Conversation
): boolean {
  if (inbound || at.getTime() < minuteOf(startedAt)) return false;
  if (at >= startedAt || target !== 'next_response') return true;
  const asked = said.find((each) => each.inbound && each.at.getTime() === startedAt.getTime());
  return asked !== undefined && at.getTime() === minuteOf(at) && id > asked.id;
}

export const minuteOf = (moment: Date) => Math.floor(moment.getTime() / MINUTE) * MINUTE;

/** The first that the client said since we last answered; nothing before we answered for the first time. */
export function unanswered(conversation: Conversation): Date | undefined {
  const { unfinished, answeredAt, said } = conversation;
  const last = Math.max(
    ...[answeredAt, ...said.filter(({ inbound }) => !inbound).map(({ at }) => at)].map(Number)
  );
  if (!unfinished || last === 0) return undefined;
  return said.find(
    ({ inbound, at }) =>
      inbound && at.getTime() > last && !firstAnswer(conversation, { target: 'next_response', startedAt: at })
  )?.at;
}

/** What was said about queries or requests with their clients and what was done with them, by the record's id. */
export async function readConversations(
  tx: Tx,
  kind: WorkKind,
  ids: number[]
): Promise<Map<number, Conversation>> {
  const work =
    kind === 'query'
      ? sql`select id, status in ('open', 'in_progress') as unfinished, first_responded_at as answered_at, started_at,
          resolved_at as done_at, null::timestamptz as void_at from queries`
      : sql`select id, status in ('pending', 'in_progress') as unfinished, started_at as answered_at, started_at,
          case status when 'completed' then finished_at end as done_at,
          case status when 'rejected' then finished_at end as void_at from service_requests`;
  const reference = kind === 'query' ? sql`i.query_id` : sql`i.request_id`;
  const rows = await jsonRows<ConversationRow>(
    tx,
    sql`select json_build_object('id', w.id, 'unfinished', w.unfinished, 'startedAt', w.started_at,
        'answeredAt', greatest(w.answered_at, kept.last), 'voidAt', w.void_at,
        'doneAt', array_remove(kept.done || w.done_at, null),
        'said', (select coalesce(json_agg(json_build_object(
            'id', i.id, 'inbound', i.direction = 'inbound', 'at', i.occurred_at) order by i.occurred_at, i.id), '[]'::json)
          from interactions i
          where ${reference} = w.id and i.channel <> 'note' and i.direction <> 'internal'
            and not i.missed and not i.automatic)) as row
      from (${work}) w
      cross join lateral (
        select max(k.ended_at) as last, array_agg(k.ended_at) filter (where k.target = 'resolution') as done
        from clocks k where k.subject_kind = ${kind} and k.subject_id = w.id and k.state = 'satisfied') kept
      where w.id = any (${idArray(ids)})`
  );
  return new Map(rows.map((row) => [row.id, toConversation(row)]));
}

function toConversation(row: ConversationRow): Conversation {
  return {
    unfinished: row.unfinished,
    answeredAt: toDate(row.answeredAt),
    startedAt: toDate(row.startedAt),
    doneAt: row.doneAt.map((at) => new Date(at)),
    voidAt: toDate(row.voidAt),
    said: row.said.map(({ id, inbound, at }) => ({ id, inbound, at: new Date(at) }))
  };
}

const toDate = (at: string | null) => (at === null ? null : new Date(at));
