import { firstAnswer, isAnswer, type Conversation, type Said } from './conversations.server.ts';
import type { Ending } from './clock-writes.server.ts';
import type { TargetName } from './model.ts';

/** A response that was kept. */
export interface Answered {
  id: number;
  subjectId: number;
  target: TargetName;
  /** The message that kept it; null where what was done kept it. */
  answeredById: number | null;
  startedAt: Date;
  endedAt: Date;
  /** When its last segment began: it cannot have ended before. */
  lastFrom: Date;
}

/** A response that was kept otherwise than is noted, with what keeps it; nothing where it is owed again. */
export interface Lost extends Answered {
  instead: (Ending & { state: 'satisfied' | 'cancelled' }) | null;
  /** The message that it began with is gone; since when it is owed now. */
  askedAt?: Date;
}

interface Verdict {
  lost: Lost[];
  /** What followed from an answer that was none, or from a question that was never asked. */
  groundless: Answered[];
}

/** What has become of responses that were kept, given in the order in which they began. */
export function verdictOf(kept: Answered[], conversations: Map<number, Conversation>): Verdict {
  const [lost, groundless]: [Lost[], Answered[]] = [[], []];
  for (const clock of kept) {
    const conversation = conversations.get(clock.subjectId);
    if (!conversation) continue;
    const isNext = clock.target === 'next_response';
    if (isNext && lost.some((earlier) => isWithin(clock, earlier))) groundless.push(clock);
    else if (isNext && !wasAsked(clock, conversation)) {
      const later = askedLater(clock, conversation);
      if (later) lost.push(later);
      else groundless.push(clock);
    } else if (!stillAnswered(clock, conversation)) {
      lost.push({ ...clock, instead: insteadOf(clock, conversation) });
    }
  }
  return { lost, groundless };
}

const wasAsked = ({ startedAt }: Answered, { said }: Conversation) =>
  said.some(({ inbound, at }) => inbound && at.getTime() === startedAt.getTime());

/** What the client said next, before anybody answered. */
function askedLater(clock: Answered, conversation: Conversation): Lost | null {
  const next = conversation.said.find(({ at }) => at > clock.startedAt);
  if (!next?.inbound) return null;
  const instead = insteadOf({ ...clock, startedAt: next.at }, conversation);
  const isKept =
    instead?.state === 'satisfied' && !conversation.doneAt.some((at) => at > clock.startedAt && at < next.at);
  return isKept ? { ...clock, startedAt: next.at, askedAt: next.at, instead } : null;
}

const stillAnswered = (clock: Answered, conversation: Conversation) =>
  clock.answeredById === null ||
  conversation.said.some(
    (each) =>
      each.id === clock.answeredById &&
      isAnswer(each, clock, conversation) &&
      Math.max(each.at.getTime(), clock.lastFrom.getTime()) === clock.endedAt.getTime()
  );

/** The next thing that was said or done. Finished work owes nothing, whatever kept it. */
function insteadOf(clock: Answered, conversation: Conversation): Lost['instead'] {
  const { startedAt, doneAt, voidAt, unfinished } = conversation;
  const message = firstAnswer(conversation, clock);
  const deeds = [...doneAt, ...(clock.target === 'first_response' && startedAt ? [startedAt] : [])]
    .filter((at) => at >= clock.startedAt)
    .map((at): Pick<Said, 'at'> => ({ at }));
  const [first] = [...(message ? [message] : []), ...deeds].sort((a, b) => Number(a.at) - Number(b.at));
  if (first) return { state: 'satisfied', ...first };
  return unfinished ? null : { state: 'cancelled', at: voidAt ?? clock.endedAt };
}

/** Whether a response began while that one was owed, until it was over: nothing more is owed then. */
export const isWithin = (clock: { id: number; subjectId: number; startedAt: Date }, lost: Lost) =>
  clock.id !== lost.id &&
  clock.subjectId === lost.subjectId &&
  clock.startedAt >= lost.startedAt &&
  clock.startedAt.getTime() <= (lost.instead?.at.getTime() ?? Infinity);
