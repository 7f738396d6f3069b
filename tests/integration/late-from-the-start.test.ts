import { describe, expect, test } from 'vitest';
import { schedulerState } from '#lib/admin/lateness.server.ts';
import { superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const madeAgo = (minutes: number) =>
  superuser`update users set created_at = ${minutesAgo(minutes).toISOString()}::timestamptz`;

describe('workers that were never started', () => {
  test('are late once the process and the firm have been there for a while', async () => {
    await madeAgo(20);
    const state = await schedulerState(minutesAgo(10));
    expect(state).toMatchObject({ scheduler: 'late', late: [{ kind: 'tick' }] });
    const since = Date.now() - (state.late?.[0]?.since.getTime() ?? 0);
    expect(since).toBeGreaterThan(7 * 60_000);
    expect(since).toBeLessThan(9 * 60_000);
  });

  test('are not late yet where the process has just begun, or the firm', async () => {
    await madeAgo(60 * 24);
    expect(await schedulerState(minutesAgo(3))).toEqual({ scheduler: 'on time' });
    await madeAgo(3);
    expect(await schedulerState(minutesAgo(60))).toEqual({ scheduler: 'on time' });
  });

  test('are on time from their first tick on', async () => {
    await madeAgo(20);
    await superuser`insert into job_runs (schedule, due_at, state)
      values ('clocks.sweep', date_trunc('minute', now()), 'done')`;
    expect(await schedulerState(minutesAgo(10))).toEqual({ scheduler: 'on time' });
  });
});
