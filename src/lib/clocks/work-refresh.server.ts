import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { takeBackAnswers } from './answers-undo.server.ts';
import { endClocks } from './clock-writes.server.ts';
import { databaseNow, reviseClocksOf, startPlanned } from './commands.server.ts';
import {
  firstAnswer,
  readConversations,
  RESPONSES,
  unanswered,
  type Conversation,
  type Said,
  type WorkKind
} from './conversations.server.ts';
import { planNew } from './new-clocks.server.ts';
import { lockOpenClocksOf, lockWork, type OpenClock } from './open-clocks.server.ts';
import { loadPolicies, matchOf } from './policies.server.ts';
import { readSubjects } from './subjects.server.ts';

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
 * one, until somebody answers. Where such a message is gone, or was another than it seemed, the response is owed
 * again, or no longer.
 */
async function followResponses(tx: Tx, kind: WorkKind, ids: number[]): Promise<void> {
  const said = await readConversations(tx, kind, ids);
  const changed = await takeBackAnswers(tx, kind, said);
  // What is owed again may be promised no longer.
  if (changed) await reviseClocksOf(tx, kind, ids);
  const conversations = changed ? await readConversations(tx, kind, ids) : said;
  const owed = await withoutGroundless(tx, conversations, await lockResponses(tx, kind, ids));
  const answered = new Map(
    owed.flatMap((clock) => {
      const conversation = conversations.get(clock.subjectId);
      const answer = conversation && firstAnswer(conversation, owedBy(clock));
      return answer ? [[clock.id, answer] as const] : [];
    })
  );
  const kept = owed.filter(({ id }) => answered.has(id));
  await endClocks(tx, kept, 'satisfied', ({ id, now }) => answered.get(id) ?? { at: now });
  await noteFirstResponses(tx, kind, kept, answered);
  const owing = new Set(owed.filter(({ id }) => !answered.has(id)).map(({ subjectId }) => subjectId));
  await beginNext(tx, kind, new Map([...conversations].filter(([id]) => !owing.has(id))));
}

const owedBy = ({ target, terms: { startedAt } }: OpenClock) => ({ target, startedAt });

const lockResponses = async (tx: Tx, kind: WorkKind, ids: number[]) =>
  (await lockOpenClocksOf(tx, kind, ids)).filter(({ target }) => RESPONSES.includes(target));

/** A next response whose message was deleted, or was not the client's, is owed to nobody. Returns the others. */
async function withoutGroundless(tx: Tx, conversations: Map<number, Conversation>, owed: OpenClock[]) {
  const isGroundless = ({ target, subjectId, terms }: OpenClock) =>
    target === 'next_response' &&
    !conversations
      .get(subjectId)
      ?.said.some(({ inbound, at }) => inbound && at.getTime() === terms.startedAt.getTime());
  await endClocks(tx, owed.filter(isGroundless), 'cancelled');
  return owed.filter((clock) => !isGroundless(clock));
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

async function noteFirstResponses(tx: Tx, kind: WorkKind, kept: OpenClock[], answered: Map<number, Said>) {
  if (kind !== 'query') return;
  const rows = kept.map(({ id, subjectId }) => ({ id: subjectId, at: answered.get(id)?.at }));
  if (rows.length === 0) return;
  await tx.execute(sql`
    update queries q set first_responded_at = w.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as w(id bigint, at timestamptz)
    where q.id = w.id and q.first_responded_at is null`);
}
