import { describe, expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { carried, HOUR, newClock, read, stepsOf, sweep, useAllHours } from '../support/held-clocks.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useAllHours();

describe('snoozing', () => {
  test('holds the ladder until the time that is chosen', async () => {
    const { id } = await newClock(40);
    const until = new Date(Date.now() + 20 * HOUR);
    await callerFor(firm.rm).clocks.snooze({ id, until, reason: 'He travels' });
    expect((await read(id)).heldUntil).toEqual(until);
    const [warning, breach] = await stepsOf(id);
    expect([warning?.actionAt, breach?.actionAt]).toEqual([until, until]);
    await sweep();
    expect(await carried(id)).toEqual([]);
  });

  test('goes five working days ahead at most, and never back', async () => {
    const { id } = await newClock(1);
    const { snooze } = callerFor(firm.rm).clocks;
    const ahead = (hours: number) => new Date(Date.now() + hours * HOUR);
    await expect(snooze({ id, until: ahead(5 * 24 + 1), reason: 'Long' })).rejects.toThrow(
      /5 working days at most: until \w+day/
    );
    await expect(snooze({ id, until: ahead(-1), reason: 'Back' })).rejects.toThrow(/still to come/);
    await expect(snooze({ id, until: ahead(1), reason: ' ' })).rejects.toThrow(/check what was entered/);
    await snooze({ id, until: ahead(5 * 24 - 1), reason: 'He travels' });
  });

  test('can be ended early: what fell due meanwhile is carried out', async () => {
    const { id } = await newClock(40);
    const before = (await stepsOf(id)).map(({ actionAt }) => actionAt);
    const rm = callerFor(firm.rm);
    await rm.clocks.snooze({ id, until: new Date(Date.now() + 20 * HOUR), reason: 'He travels' });
    expect(await rm.clocks.wake({ id })).toEqual({ id, heldUntil: null });
    expect((await stepsOf(id)).map(({ actionAt }) => actionAt)).toEqual(before);
    await sweep();
    expect(await carried(id)).toEqual(['warning']);
    await expect(rm.clocks.wake({ id })).rejects.toThrow(/Nothing is held/);
  });
});
