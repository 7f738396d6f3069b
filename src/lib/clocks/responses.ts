import type { Conversation } from './conversations.server.ts';
import { exchangesOf, firstGiven, type Exchange, type ExchangeEnd } from './exchanges.ts';
import type { ClockState, TargetName } from './model.ts';

/** The clock of a response as it is stored. */
export interface ResponseClock {
  id: number;
  subjectId: number;
  target: TargetName;
  state: ClockState;
  lapsed: boolean;
  /** The message that it runs for; null of first responses, and where that is not known. */
  askedById: number | null;
  /** The message that kept it; null where what was done kept it. */
  answeredById: number | null;
  startedAt: Date;
  endedAt: Date | null;
}

/** What a response clock is to be. */
export interface Wanted {
  /** As it is. */
  clock: ResponseClock;
  startedAt: Date;
  askedById: number | null;
  /** Null where it is owed. */
  end: ExchangeEnd | null;
}

interface Reconciled {
  /** Clocks that are otherwise than they are to be. */
  wanted: Wanted[];
  /** Clocks of questions that nobody asked. */
  groundless: ResponseClock[];
  /** Exchanges that have no clock. */
  unpromised: Exchange[];
}

/**
 * What has to be done to the clocks of the responses to one record, given in the order in which they began, so that they
 * are what its conversation says. A clock stays that of its question, wherever this is dated; one whose question is gone
 * goes on with what else was asked in that exchange. Pure.
 */
export function reconcile(conversation: Conversation, clocks: ResponseClock[]): Reconciled {
  const first = clocks.find(({ target, state }) => target === 'first_response' && state !== 'cancelled');
  const next = clocks.filter(({ target }) => target === 'next_response');
  const exchanges = exchangesOf(conversation);
  const pairs = pair(exchanges, next);
  const paired = new Set(pairs.values());
  const wanted = [
    ...(first ? [firstWanted(conversation, first)] : []),
    ...[...pairs].map(([exchange, clock]) => nextWanted(exchange, clock))
  ];
  return {
    wanted: wanted.filter(isOtherwise),
    groundless: next.filter((clock) => isAlive(clock) && !paired.has(clock)),
    unpromised: exchanges.filter((each) => each.end?.state !== 'cancelled' && !pairs.has(each))
  };
}

function firstWanted(conversation: Conversation, clock: ResponseClock): Wanted {
  const { unfinished, voidAt } = conversation;
  const given = firstGiven(conversation);
  const end = given ? ({ state: 'satisfied', ...given } as const) : null;
  return { ...keptAsIs(clock), end: end ?? (unfinished ? null : voidEnd(clock, voidAt)) };
}

const keptAsIs = (clock: ResponseClock) => ({
  clock,
  startedAt: clock.startedAt,
  askedById: clock.askedById
});

const voidEnd = (clock: ResponseClock, voidAt: Date[]): ExchangeEnd | null => {
  const at = voidAt.at(-1) ?? clock.endedAt;
  return at && { state: 'cancelled', at };
};

function nextWanted({ questionIds, askedAt, end }: Exchange, clock: ResponseClock): Wanted {
  return { clock, startedAt: askedAt, askedById: questionIds[0] ?? null, end };
}

function isOtherwise({ clock, startedAt, askedById, end }: Wanted): boolean {
  if (clock.askedById !== askedById || clock.startedAt.getTime() !== startedAt.getTime()) return true;
  // What lapsed is taken up by the policy that promises it again, and by nothing else.
  if (clock.lapsed) return false;
  if (!end) return !isOpen(clock);
  if (end.state !== clock.state) return true;
  const endedAt = Math.max(end.at.getTime(), startedAt.getTime());
  return (
    end.state === 'satisfied' &&
    (clock.answeredById !== (end.id ?? null) || clock.endedAt?.getTime() !== endedAt)
  );
}

export const isOpen = ({ state }: ResponseClock) => state === 'running' || state === 'paused';

const isAlive = (clock: ResponseClock) => isOpen(clock) || clock.state === 'satisfied';

type Fits = (clock: ResponseClock, exchange: Exchange) => boolean;

const isOfQuestion: Fits = ({ askedById, startedAt }, { questionIds, askedAt }) =>
  askedById === null ? startedAt.getTime() === askedAt.getTime() : askedById === questionIds[0];

const isOfLaterQuestion: Fits = ({ askedById }, { questionIds }) =>
  askedById !== null && questionIds.includes(askedById);

const overlaps: Fits = (clock, { askedAt, end }) =>
  clock.startedAt.getTime() <= (end?.at.getTime() ?? Infinity) &&
  askedAt.getTime() <= (clock.endedAt?.getTime() ?? Infinity);

/** By what a clock is found, the surest first; one that is void only by a question. */
const FITS: readonly Fits[] = [
  (clock, exchange) => isAlive(clock) && isOfQuestion(clock, exchange),
  (clock, exchange) => clock.lapsed && isOfQuestion(clock, exchange),
  (clock, exchange) => isAlive(clock) && isOfLaterQuestion(clock, exchange),
  (clock, exchange) => isAlive(clock) && overlaps(clock, exchange),
  (clock, exchange) => !isAlive(clock) && isOfQuestion(clock, exchange),
  (clock, exchange) => !isAlive(clock) && isOfLaterQuestion(clock, exchange)
];

function pair(exchanges: Exchange[], clocks: ResponseClock[]): Map<Exchange, ResponseClock> {
  const pairs = new Map<Exchange, ResponseClock>();
  const taken = new Set<ResponseClock>();
  for (const fits of FITS)
    for (const exchange of exchanges) {
      if (pairs.has(exchange)) continue;
      const clock = clocks.find((each) => !taken.has(each) && fits(each, exchange));
      if (!clock) continue;
      pairs.set(exchange, clock);
      taken.add(clock);
    }
  return pairs;
}
