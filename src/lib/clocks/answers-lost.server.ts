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
  /** The message that it began with is gone or was said at another time; since when it is owed now. */
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
    const otherwise = isNext ? askedOtherwise(clock, conversation) : null;
    if (isNext && lost.some((earlier) => isWithin(clock, earlier))) groundless.push(clock);
    else if (otherwise) lost.push(otherwise);
    else if (isNext && !wasAsked(clock, conversation)) groundless.push(clock);
    else if (!stillAnswered(clock, conversation)) {
      lost.push({ ...clock, instead: insteadOf(clock, conversation) });
    }
  }
  return { lost, groundless };
}

const wasAsked = ({ startedAt }: Answered, { said }: Conversation) =>
  said.some(({ inbound, at }) => inbound && at.getTime() === startedAt.getTime());

/** What the client said first since the response before, if that was before this one was given. */
function questionBefore({ startedAt, endedAt }: Answered, conversation: Conversation): Date | undefined {
  const { said } = conversation;
  const before = responsesOf(conversation).findLast((at) => at < startedAt);
  const isQuestion = ({ inbound, at }: Said) =>
    inbound &&
    (at.getTime() === startedAt.getTime() || (before !== undefined && at > before && at < endedAt));
  return said.find(isQuestion)?.at;
}

/** When anything was said or done, in that order; that the work was taken up is a response as the first. */
function responsesOf({ said, doneAt, startedAt }: Conversation): Date[] {
  const given = [...said.filter(({ inbound }) => !inbound).map(({ at }) => at), ...doneAt];
  const isFirst = startedAt && given.every((at) => at > startedAt);
  return [...given, ...(isFirst ? [startedAt] : [])].sort((a, b) => Number(a) - Number(b));
}

/** The response to another message than it began with, which was asked first, where it was given. */
function askedOtherwise(clock: Answered, conversation: Conversation): Lost | null {
  const askedAt = questionBefore(clock, conversation);
  if (!askedAt || askedAt.getTime() === clock.startedAt.getTime()) return null;
  const asked = { ...clock, startedAt: askedAt, askedAt };
  const instead = insteadOf(asked, conversation);
  return instead?.state === 'satisfied' ? { ...asked, instead } : null;
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
