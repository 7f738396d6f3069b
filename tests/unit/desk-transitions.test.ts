import { describe, expect, it } from 'vitest';
import {
  possibleQueryActions,
  possibleRequestActions,
  QUERY_STATUSES,
  queryStatusAfter,
  REQUEST_STATUSES,
  requestStatusAfter,
  type QueryAction,
  type RequestAction
} from '#lib/desk/model.ts';
import { LEAD_STATUSES, leadStatusAfter, type LeadAction } from '#lib/leads/model.ts';
import { RuleViolation } from '#lib/platform/errors.ts';

const head = { level: 1 };
const executive = { level: 2 };

/** The status an action leads to, or null where the rule says no. */
function outcome(move: () => string): string | null {
  try {
    return move();
  } catch (error) {
    if (error instanceof RuleViolation) return null;
    throw error;
  }
}

const queryActions: QueryAction[] = ['start', 'wait', 'resolve', 'close', 'reopen'];
const requestActions: RequestAction[] = ['start', 'wait', 'complete', 'reject', 'reopen'];
const leadActions: LeadAction[] = ['assign', 'convert', 'deny', 'reopen'];

describe('transitions', () => {
  it('of queries are those of the table and no others', () => {
    const moves = (mover: typeof head) =>
      QUERY_STATUSES.map((status) =>
        queryActions.map((action) =>
          outcome(() => queryStatusAfter(action, { status, waitingOn: null }, mover))
        )
      );
    const fromResolved = [null, null, null, 'closed', 'in_progress'];
    expect(moves(head)).toEqual([
      ['in_progress', null, 'resolved', null, null],
      [null, 'in_progress', 'resolved', null, null],
      fromResolved,
      [null, null, null, null, 'in_progress']
    ]);
    expect(moves(executive)[2]).toEqual(fromResolved);
    expect(moves(executive)[3]).toEqual([null, null, null, null, null]);
  });

  it('of requests are those of the table and no others', () => {
    const moves = (mover: typeof head) =>
      REQUEST_STATUSES.map((status) =>
        requestActions.map((action) =>
          outcome(() => requestStatusAfter(action, { status, waitingOn: null }, mover))
        )
      );
    expect(moves(head)).toEqual([
      ['in_progress', null, null, 'rejected', null],
      [null, 'in_progress', 'completed', 'rejected', null],
      [null, null, null, null, 'in_progress'],
      [null, null, null, null, 'in_progress']
    ]);
    expect(moves(executive).slice(2).flat()).toEqual(Array(10).fill(null));
  });

  it('of leads are those of the table and no others', () => {
    const moves = (mover: typeof head) =>
      LEAD_STATUSES.map((status) =>
        leadActions.map((action) => outcome(() => leadStatusAfter(action, status, mover)))
      );
    expect(moves(head)).toEqual([
      ['wip', 'converted', 'denied', null],
      ['wip', 'converted', 'denied', null],
      [null, null, null, null],
      [null, null, null, 'wip']
    ]);
    expect(moves(executive)[3]).toEqual([null, null, null, null]);
  });

  it('offer to resume only what waits', () => {
    const stage = { status: 'in_progress' as const };
    expect(possibleQueryActions({ ...stage, waitingOn: null }, executive)).toEqual(['wait', 'resolve']);
    expect(possibleRequestActions({ ...stage, waitingOn: 'client' }, executive)).toContain('resume');
  });

  it('say what is possible instead', () => {
    expect(() => leadStatusAfter('reopen', 'new', head)).toThrow(
      'This lead is new, so “reopen” is not possible. Possible now: assign, edit, convert, deny.'
    );
  });
});
