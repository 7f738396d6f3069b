import { sql } from 'drizzle-orm';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { MINUTE } from './calendar.ts';
import { endClocks } from './clock-writes.server.ts';
import { databaseNow, reviseClocksOf, startPlanned } from './commands.server.ts';
import type { SubjectKind, TargetName } from './model.ts';
import { planNew } from './new-clocks.server.ts';
import { lockOpenClocksOf, lockWork, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf } from './policies.server.ts';
import { jsonRows } from './rows.server.ts';
import { readSubjects } from './subjects.server.ts';

/** What clients ask of us; its clocks are started and ended by the desk. */
export type WorkKind = Extract<SubjectKind, 'query' | 'request'>;

const RESPONSES: readonly TargetName[] = ['first_response', 'next_response'];

interface Said {
  inbound: boolean;
  at: Date;
}

interface Conversation {
  unfinished: boolean;
  /** Taken up, or answered by what was done; a response too. */
  answeredAt: Date | null;
  /** In the order in which it was said. */
  said: Said[];
}

/**
 * Brings the clocks of queries or of requests up to what was changed around them, by whomever: another team, the
 * client's tier or tags (another policy may hold), and what was said about them with the client. For the worker that
 * drains `clock_refresh`, as system; does nothing where nothing changed.
 */
export async function refreshWork(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  await lockWork(tx, kind, ids);
  await reviseClocksOf(tx, kind, ids);
  await followResponses(tx, kind, ids);
}

/**
 * The first thing said to the client ends the response that is owed; what the client says after that begins the next
 * one, until somebody answers.
 */
async function followResponses(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  const conversations = await readConversations(tx, kind, ids);
  const owed = (await lockOpenClocksOf(tx, kind, ids)).filter(({ target }) => RESPONSES.includes(target));
  const answered = new Map(
    owed.flatMap((clock) => {
      const answer = answerTo(clock, conversations.get(clock.subjectId));
      return answer ? [[clock.id, answer]] : [];
    })
  );
  const kept = owed.filter(({ id }) => answered.has(id));
  await endClocks(tx, kept, 'satisfied', ({ id, now }) => answered.get(id) ?? now);
  await noteFirstResponses(tx, kind, kept, answered);
  const owing = new Set(owed.filter(({ id }) => !answered.has(id)).map(({ subjectId }) => subjectId));
  await beginNext(tx, kind, new Map([...conversations].filter(([id]) => !owing.has(id))));
}

/** What was said is noted to the minute. */
const answerTo = ({ terms }: OpenClock, conversation: Conversation | undefined) =>
  conversation?.said.find(({ inbound, at }) => !inbound && at.getTime() >= minuteOf(terms.startedAt))?.at;

const minuteOf = (moment: Date) => Math.floor(moment.getTime() / MINUTE) * MINUTE;

/** The first that the client said since we last answered; nothing before we answered for the first time. */
function unanswered({ unfinished, answeredAt, said }: Conversation): Date | undefined {
  const last = Math.max(
    ...[answeredAt, ...said.filter(({ inbound }) => !inbound).map(({ at }) => at)].map(Number)
  );
  if (!unfinished || last === 0) return undefined;
  return said.find(({ inbound, at }) => inbound && at.getTime() > last)?.at;
}

async function beginNext(tx: Tx, kind: WorkKind, conversations: Map<number, Conversation>): Promise<void> {
  const waiting = [...conversations].flatMap(([id, each]) => {
    const since = unanswered(each);
    return since ? [{ id, since }] : [];
  });
  if (waiting.length === 0) return;
  const subjects = await readSubjects(
    tx,
    kind,
    waiting.map(({ id }) => id)
  );
  const policies = await loadPolicies(tx, kind);
  const now = await databaseNow(tx);
  const planned = waiting.flatMap(({ id, since }) => {
    const subject = subjects.get(id);
    const policy = subject && matchOf(policies, subject);
    const target = policy?.targets.find((each) => each.target === 'next_response');
    return policy && target && target.unit !== 'on_date'
      ? [planNew(policy, target, subject, { startedAt: since, cause: 'New message', now })]
      : [];
  });
  await startPlanned(tx, planned, now);
}

async function noteFirstResponses(tx: Tx, kind: WorkKind, kept: OpenClock[], answered: Map<number, Date>) {
  if (kind !== 'query') return;
  const rows = kept.map(({ id, subjectId }) => ({ id: subjectId, at: answered.get(id) }));
  if (rows.length === 0) return;
  await tx.execute(sql`
    update queries q set first_responded_at = w.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(id bigint, at timestamptz)
    where q.id = w.id and q.first_responded_at is null`);
}

async function readConversations(tx: Tx, kind: WorkKind, ids: number[]): Promise<Map<number, Conversation>> {
  const work =
    kind === 'query'
      ? sql`select id, status in ('open', 'in_progress') as unfinished, first_responded_at as answered_at from queries`
      : sql`select id, status in ('pending', 'in_progress') as unfinished, started_at as answered_at
          from service_requests`;
  const reference = kind === 'query' ? sql`i.query_id` : sql`i.request_id`;
  const rows = await jsonRows<{
    id: number;
    unfinished: boolean;
    answeredAt: string | null;
    said: { inbound: boolean; at: string }[];
  }>(
    tx,
    sql`select json_build_object('id', w.id, 'unfinished', w.unfinished, 'answeredAt', greatest(w.answered_at, (
          select max(k.ended_at) from clocks k
          where k.subject_kind = ${kind} and k.subject_id = w.id and k.state = 'satisfied')),
        'said', (select coalesce(json_agg(json_build_object(
            'inbound', i.direction = 'inbound', 'at', i.occurred_at) order by i.occurred_at, i.id), '[]'::json)
          from interactions i
          where ${reference} = w.id and i.channel <> 'note' and i.direction <> 'internal'
            and not i.missed and not i.automatic)) as row
      from (${work}) w where w.id = any (${idArray(ids)})`
  );
  return new Map(
    rows.map(({ id, unfinished, answeredAt, said }) => [
      id,
      {
        unfinished,
        answeredAt: answeredAt === null ? null : new Date(answeredAt),
        said: said.map(({ inbound, at }) => ({ inbound, at: new Date(at) }))
      }
    ])
  );
}
