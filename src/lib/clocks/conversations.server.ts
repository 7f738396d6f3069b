import { sql, type SQL } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { SubjectKind } from './model.ts';
import { jsonRows } from './rows.server.ts';

/** What clients ask of us; its clocks are started and ended by the desk. */
export type WorkKind = Extract<SubjectKind, 'query' | 'request'>;

/** A message, by its id. */
export interface Said {
  id: number;
  inbound: boolean;
  at: Date;
  /** When it was entered. */
  notedAt: Date;
}

/** The first response that is or was promised. */
interface FirstResponse {
  startedAt: Date;
  isOpen: boolean;
  /** When it was kept, where what was done kept it. */
  keptAt: Date | null;
}

export interface Conversation {
  unfinished: boolean;
  /** Null where it is not promised, or void. */
  first: FirstResponse | null;
  /** When a first response was noted; null where none was. */
  respondedAt: Date | null;
  /** When somebody took the work up: a first response. */
  startedAt: Date | null;
  /** When next responses were kept by what was done. */
  keptAt: Date[];
  /** When it was done, each time: a response to all that was owed. */
  doneAt: Date[];
  /** When it was refused, each time, and all that was owed void. */
  voidAt: Date[];
  /** When it was reopened, each time. */
  reopenedAt: Date[];
  /** In the order in which it was said. */
  said: Said[];
}

interface ConversationRow {
  id: number;
  unfinished: boolean;
  first: { startedAt: string; isOpen: boolean; keptAt: string | null } | null;
  respondedAt: string | null;
  startedAt: string | null;
  keptAt: string[];
  doneAt: string[];
  voidAt: string[];
  reopenedAt: string[];
  said: { id: number; inbound: boolean; at: string; notedAt: string }[];
}

const WORK = {
  query: sql`select id, status in ('open', 'in_progress') as unfinished, first_responded_at as responded_at, started_at,
      resolved_at as done_at, null::timestamptz as void_at from queries`,
  request: sql`select id, status in ('pending', 'in_progress') as unfinished, started_at as responded_at, started_at,
      case status when 'completed' then finished_at end as done_at,
      case status when 'rejected' then finished_at end as void_at from service_requests`
};

/** Work that is reopened forgets when it was finished: its history does not. */
const REOPENED = {
  query: reopenings('queries', sql`a.old_values ->> 'status' in ('resolved', 'closed')`, {
    done: sql`array_agg((a.old_values ->> 'resolved_at')::timestamptz)`,
    refused: sql`null::timestamptz[]`
  }),
  request: reopenings('service_requests', sql`a.old_values ->> 'status' in ('completed', 'rejected')`, {
    done: finished('completed'),
    refused: finished('rejected')
  })
};

function finished(status: string): SQL {
  return sql`array_agg((a.old_values ->> 'finished_at')::timestamptz)
      filter (where a.old_values ->> 'status' = ${sql.raw(`'${status}'`)})`;
}

/** As lists, when the record `w` was reopened, and when it had been done or refused by then. */
function reopenings(
  table: string,
  wasFinished: SQL,
  { done, refused }: Record<'done' | 'refused', SQL>
): SQL {
  return sql`select array_agg(a.at) as reopened, ${done} as done, ${refused} as refused
      from audit_log a where a.table_name = ${sql.raw(`'${table}'`)} and a.row_id = w.id and a.action = 'update'
        and ${wasFinished} and a.new_values ->> 'status' in ('open', 'pending', 'in_progress')`;
}

const REFERENCES = { query: sql`i.query_id`, request: sql`i.request_id` };

/** What was said about queries or requests with their clients and what was done with them, by the record's id. */
export async function readConversations(
  tx: Tx,
  kind: WorkKind,
  ids: number[]
): Promise<Map<number, Conversation>> {
  const rows = await jsonRows<ConversationRow>(
    tx,
    sql`select json_build_object('id', w.id, 'unfinished', w.unfinished, 'startedAt', w.started_at,
        'respondedAt', w.responded_at, 'voidAt', array_remove(past.refused || w.void_at, null), 'first', its.first,
        'keptAt', coalesce(its.kept, '{}'), 'doneAt', array_remove(its.done || past.done || w.done_at, null),
        'reopenedAt', coalesce(its.reopened || past.reopened, '{}'),
        'said', (select coalesce(json_agg(json_build_object(
            'id', i.id, 'inbound', i.direction = 'inbound', 'at', i.occurred_at, 'notedAt', i.created_at)
            order by i.occurred_at, i.id), '[]'::json)
          from interactions i
          where ${REFERENCES[kind]} = w.id and i.channel <> 'note' and i.direction <> 'internal'
            and not i.missed and not i.automatic)) as row
      from (${WORK[kind]}) w
      cross join lateral (${REOPENED[kind]}) past
      cross join lateral (
        select
          (array_agg(jsonb_build_object('startedAt', k.started_at, 'isOpen', k.state <> 'satisfied',
              'keptAt', case when k.state = 'satisfied' and k.answered_by_id is null then k.ended_at end))
            filter (where k.target = 'first_response' and k.state <> 'cancelled'))[1] as first,
          array_agg(k.ended_at) filter (
            where k.target = 'next_response' and k.state = 'satisfied' and k.answered_by_id is null) as kept,
          array_agg(k.ended_at) filter (where k.target = 'resolution' and k.state = 'satisfied') as done,
          array_agg(k.started_at) filter (where k.target = 'resolution' and k.round > 1) as reopened
        from clocks k where k.subject_kind = ${kind} and k.subject_id = w.id) its
      where w.id = any (${idArray(ids)})`
  );
  return new Map(rows.map((row) => [row.id, toConversation(row)]));
}

function toConversation({ id: _, first, said, ...row }: ConversationRow): Conversation {
  return {
    unfinished: row.unfinished,
    first: first && {
      startedAt: new Date(first.startedAt),
      isOpen: first.isOpen,
      keptAt: toDate(first.keptAt)
    },
    respondedAt: toDate(row.respondedAt),
    startedAt: toDate(row.startedAt),
    keptAt: row.keptAt.map(dated),
    doneAt: row.doneAt.map(dated),
    voidAt: row.voidAt.map(dated),
    reopenedAt: row.reopenedAt.map(dated),
    said: said.map((each) => ({ ...each, at: new Date(each.at), notedAt: new Date(each.notedAt) }))
  };
}

const dated = (at: string) => new Date(at);

const toDate = (at: string | null) => (at === null ? null : new Date(at));
