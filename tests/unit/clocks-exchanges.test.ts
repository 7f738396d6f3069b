import { describe, expect, test } from 'vitest';
import type { Conversation } from '#lib/clocks/conversations.server.ts';
import { exchangesOf, firstGiven, openQuestion } from '#lib/clocks/exchanges.ts';

const at = (clock: string) => new Date(`2026-11-16T${clock}+05:30`);

let noted = 0;

const said = (inbound: boolean, clock: string, id = ++noted) => ({
  ...{ id, inbound, at: at(clock) },
  notedAt: at('20:00')
});

const they = (clock: string, id?: number) => said(true, clock, id);
const we = (clock: string, id?: number) => said(false, clock, id);

/** Work that was opened at ten and answered as it says. */
const about = (
  messages: Conversation['said'],
  done: Partial<Omit<Conversation, 'said'>> = {}
): Conversation => ({
  unfinished: true,
  first: { startedAt: at('10:00:20'), isOpen: false, keptAt: null },
  ...{ respondedAt: null, startedAt: null },
  ...{ keptAt: [], doneAt: [], voidAt: [], reopenedAt: [] },
  ...done,
  said: messages.toSorted((one, other) => Number(one.at) - Number(other.at) || one.id - other.id)
});

/** Since when and until when responses were owed. */
const owed = (conversation: Conversation) =>
  exchangesOf(conversation).map(({ askedAt, end }) => [askedAt, end?.at ?? null, end?.state ?? 'owed']);

describe('the first response', () => {
  test('is whatever came first, from the minute on in which the work began', () => {
    expect(firstGiven(about([we('09:59'), we('10:00', 7), we('10:30')]))).toEqual({ id: 7, at: at('10:00') });
    expect(firstGiven(about([we('11:00')], { startedAt: at('10:40') }))).toEqual({ at: at('10:40') });
    expect(firstGiven(about([we('11:00')], { doneAt: [at('10:50')] }))).toEqual({ at: at('10:50') });
    expect(firstGiven(about([they('11:00'), we('09:59')]))).toBeNull();
  });

  test('is given by messages alone while it is owed', () => {
    const first = { startedAt: at('10:00:20'), isOpen: true, keptAt: null };
    expect(firstGiven(about([], { first, startedAt: at('10:40') }))).toBeNull();
  });

  test('before which nothing more is owed', () => {
    expect(owed(about([they('10:30'), we('11:00')]))).toEqual([]);
  });
});

describe('an exchange', () => {
  test('goes from what was asked first to the first answer', () => {
    const conversation = about([we('11:00'), they('12:00', 1), they('12:30', 2), we('13:00'), we('13:30')]);
    expect(owed(conversation)).toEqual([[at('12:00'), at('13:00'), 'satisfied']]);
    expect(exchangesOf(conversation)[0]?.questionIds).toEqual([1, 2]);
  });

  test('is open until somebody answers, and void where the work is refused', () => {
    const messages = [we('11:00'), they('12:00')];
    expect(owed(about(messages))).toEqual([[at('12:00'), null, 'owed']]);
    expect(openQuestion(about(messages))?.askedAt).toEqual(at('12:00'));
    expect(owed(about(messages, { unfinished: false, voidAt: [at('15:00')] }))).toEqual([
      [at('12:00'), at('15:00'), 'cancelled']
    ]);
    expect(owed(about(messages, { unfinished: false, doneAt: [at('15:00')] }))).toEqual([
      [at('12:00'), at('15:00'), 'satisfied']
    ]);
  });

  test('in one minute follows the order in which it was entered, where only the minute is known', () => {
    const first = we('11:00', 1);
    expect(owed(about([first, we('12:00', 2), they('12:00:40', 3)]))).toEqual([
      [at('12:00:40'), null, 'owed']
    ]);
    expect(owed(about([first, they('12:00:40', 2), we('12:00', 3)]))).toEqual([
      [at('12:00:40'), at('12:00'), 'satisfied']
    ]);
    expect(owed(about([first, they('12:00:40', 2), we('12:00:10', 3)]))).toEqual([
      [at('12:00:40'), null, 'owed']
    ]);
  });

  test('waits for the work to be reopened, unless it was answered meanwhile', () => {
    const messages = [we('11:00'), they('13:00'), we('14:00'), they('15:00')];
    const finished = { unfinished: false, doneAt: [at('12:00')] };
    expect(owed(about(messages, finished))).toEqual([]);
    expect(owed(about(messages, { doneAt: [at('12:00')], reopenedAt: [at('16:00')] }))).toEqual([
      [at('15:00'), null, 'owed']
    ]);
  });

  test('that was void with the work stays so once that is reopened', () => {
    const refused = { voidAt: [at('13:00')], reopenedAt: [at('16:00')] };
    expect(owed(about([we('11:00'), they('12:00')], refused))).toEqual([
      [at('12:00'), at('13:00'), 'cancelled']
    ]);
    expect(owed(about([we('11:00'), they('12:00'), they('14:00')], refused))).toEqual([
      [at('12:00'), at('13:00'), 'cancelled'],
      [at('14:00'), null, 'owed']
    ]);
  });
});
