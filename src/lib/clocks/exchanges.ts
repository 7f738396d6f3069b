import { MINUTE } from './calendar.ts';
import type { Conversation, Said } from './conversations.server.ts';

/** How a response ended: given, or void with the work. `id` is of the message that gave it. */
export interface ExchangeEnd {
  state: 'satisfied' | 'cancelled';
  at: Date;
  id?: number;
}

/** What the client said until somebody answered, from the first message that was not answered. */
export interface Exchange {
  /** The messages of the client; the first is the question. */
  questionIds: number[];
  askedAt: Date;
  /** When the question was entered. */
  notedAt: Date;
  /** Null while the response is owed. */
  end: ExchangeEnd | null;
}

/** What gave the first response: a message, or what was done. */
interface Given {
  at: Date;
  id?: number;
}

const minuteOf = (moment: Date) => Math.floor(moment.getTime() / MINUTE) * MINUTE;

/**
 * The first response, and null while it is owed. What people say is noted to the minute, so a message counts from the
 * minute in which the work began. Where no first response is promised, whatever was said or done first.
 */
export function firstGiven({ first, said, doneAt, startedAt, respondedAt }: Conversation): Given | null {
  const since = first ? minuteOf(first.startedAt) : -Infinity;
  const messages: Given[] = said.filter(({ inbound, at }) => !inbound && at.getTime() >= since);
  const noted = first ? [] : [respondedAt];
  const deeds = first?.isOpen ? [] : [...doneAt, startedAt, ...noted].filter((at) => at !== null);
  const from = first?.startedAt;
  const given: Given[] = [
    ...messages.map(({ id, at }) => ({ id, at })),
    ...[...deeds.filter((at) => !from || at >= from), first?.keptAt ?? []].flat().map((at) => ({ at }))
  ];
  return given.toSorted((one, other) => one.at.getTime() - other.at.getTime())[0] ?? null;
}

type Event = { at: number } & (
  { what: 'message'; said: Said } | { what: 'given' | 'done' | 'void' | 'reopened' }
);

/**
 * Every exchange since the first response, in its order, worked out of what was said and done alone: what is asked
 * while the work is finished waits for its reopening, and is owed then unless it was answered meanwhile. Pure.
 */
export function exchangesOf(conversation: Conversation): Exchange[] {
  const first = firstGiven(conversation);
  if (!first) return [];
  const events = eventsOf(conversation);
  const place = events.findIndex((event) => event.what === 'message' && event.said.id === first.id);
  const since = place < 0 ? first.at.getTime() : (events[place]?.at ?? 0);
  const later = place < 0 ? events.filter(({ at }) => at >= since) : events.slice(place + 1);
  return walk(later, since, conversation);
}

/** The question that is owed an answer. */
export const openQuestion = (conversation: Conversation): Exchange | undefined =>
  exchangesOf(conversation).find(({ end }) => end === null);

function walk(events: Event[], since: number, { unfinished, reopenedAt }: Conversation): Exchange[] {
  const exchanges: Exchange[] = [];
  let open: Exchange | null = null;
  // Asked while the work was finished.
  let waiting: Exchange | null = null;
  let isFinished = false;
  let last = since;
  const close = (end: ExchangeEnd) => {
    if (open) exchanges.push({ ...open, end });
    [open, waiting] = [null, null];
  };
  for (const event of events) {
    const at = new Date(event.at);
    if (event.what === 'reopened') {
      [open, waiting, isFinished] = [open ?? waiting, null, false];
    } else if (event.what !== 'message') {
      close({ state: event.what === 'void' ? 'cancelled' : 'satisfied', at });
      isFinished = event.what !== 'given' && (!unfinished || reopenedAt.some((again) => again > at));
      last = event.at;
    } else if (!event.said.inbound) {
      close({ state: 'satisfied', at: event.said.at, id: event.said.id });
      last = event.at;
    } else if (open ?? waiting) {
      (open ?? waiting)?.questionIds.push(event.said.id);
    } else if (event.at > last) {
      const asked = { questionIds: [event.said.id], askedAt: at, notedAt: event.said.notedAt, end: null };
      if (isFinished) waiting = asked;
      else open = asked;
    }
  }
  return open && unfinished ? [...exchanges, open] : exchanges;
}

const ORDER: readonly Event['what'][] = ['message', 'given', 'done', 'void', 'reopened'];

function eventsOf({ said, keptAt, doneAt, voidAt, reopenedAt }: Conversation): Event[] {
  const events: Event[] = [
    ...said.map((message) => ({ what: 'message' as const, at: placeOf(message, said), said: message })),
    ...keptAt.map((at) => ({ what: 'given' as const, at: at.getTime() })),
    ...doneAt.map((at) => ({ what: 'done' as const, at: at.getTime() })),
    ...voidAt.map((at) => ({ what: 'void' as const, at: at.getTime() })),
    ...reopenedAt.map((at) => ({ what: 'reopened' as const, at: at.getTime() }))
  ];
  const idOf = (event: Event) => (event.what === 'message' ? event.said.id : 0);
  return events.sort(
    (one, other) =>
      one.at - other.at || ORDER.indexOf(one.what) - ORDER.indexOf(other.what) || idOf(one) - idOf(other)
  );
}

/**
 * What people say is noted to the minute: in the minute in which the client wrote, an answer comes after what it was
 * entered after.
 */
function placeOf({ id, inbound, at }: Said, said: Said[]): number {
  const minute = minuteOf(at);
  if (inbound || at.getTime() !== minute) return at.getTime();
  const before = said.filter((each) => each.inbound && each.id < id && minuteOf(each.at) === minute);
  return Math.max(minute, ...before.map((each) => each.at.getTime()));
}
