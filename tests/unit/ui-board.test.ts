import { describe, expect, it } from 'vitest';
import { countIn, itemsIn, nextTarget, said, type BoardColumn } from '#lib/ui/board.ts';

const column = (key: string, count: number): BoardColumn => ({ key, label: key.toUpperCase(), count });
const items = [
  { id: 1, column: 'new' },
  { id: 2, column: 'new' },
  { id: 3, column: 'wip' }
];
const nothing = new Map<number, string>();

describe('a board', () => {
  it('shows each card in its column, in the order it came', () => {
    expect(itemsIn(items, 'new', nothing).map(({ id }) => id)).toEqual([1, 2]);
    expect(itemsIn(items, 'wip', nothing).map(({ id }) => id)).toEqual([3]);
    expect(itemsIn(items, 'done', nothing)).toEqual([]);
  });

  it('shows a dropped card first where it was dropped, before the server has answered', () => {
    const moved = new Map([[1, 'wip']]);
    expect(itemsIn(items, 'new', moved).map(({ id }) => id)).toEqual([2]);
    expect(itemsIn(items, 'wip', moved).map(({ id }) => id)).toEqual([1, 3]);
  });

  it('counts a dropped card where it is shown', () => {
    const moved = new Map([[1, 'wip']]);
    expect(countIn(column('new', 120), items, moved)).toBe(119);
    expect(countIn(column('wip', 7), items, moved)).toBe(8);
    expect(countIn(column('new', 120), items, nothing)).toBe(120);
  });

  it('steps over the columns that do not take the card and stays at the end', () => {
    const keys = ['new', 'wip', 'done', 'denied'];
    const takes = (key: string) => key !== 'done';
    expect(nextTarget(keys, 'wip', 1, takes)).toBe('denied');
    expect(nextTarget(keys, 'denied', -1, takes)).toBe('wip');
    expect(nextTarget(keys, 'denied', 1, takes)).toBe('denied');
    expect(nextTarget(keys, 'new', -1, takes)).toBe('new');
  });

  it('says what happens in words', () => {
    expect(said.pickedUp('LD-1 Ravi', column('new', 3))).toBe('LD-1 Ravi is picked up from NEW');
    expect(said.over(column('wip', 3))).toBe('Over WIP, which holds 3');
  });
});
