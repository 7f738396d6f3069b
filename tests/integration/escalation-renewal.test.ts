import { describe, expect, test } from 'vitest';
import { writesMoments } from '#lib/escalation/moments.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { everythingTold, useQuietFirm } from '../support/escalating.ts';
import { mintLadder } from '../support/ladders.ts';
import { mintClient, mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

describe('a step that makes it another promise', () => {
  test('tells when the broken one was due, and when the new one is', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId, teamId: firm.teams.rm });
    const clock = await mintLadder(superuser, {
      ...{ kind: 'query', id },
      rungs: [
        { kind: 'warning', tell: 'assignee' },
        { kind: 'breach', tell: 'head', does: ['notify', 'raise_priority'] }
      ]
    });
    await superuser`insert into clock_segments (clock_id, kind, cause, from_at)
      values (${clock}, 'ours', 'Opened', now() - interval '9 minutes')`;
    const [broken] = await superuser<
      { dueAt: Date }[]
    >`select due_at as "dueAt" from clocks where id = ${clock}`;
    await sweepEscalations();
    const [now] = await superuser<
      { dueAt: Date }[]
    >`select due_at as "dueAt" from clocks where id = ${clock}`;
    const write = writesMoments('Asia/Kolkata');
    const [was, is] = [broken, now].map((row) => write(String(row?.dueAt.toISOString())));
    expect(now?.dueAt.getTime()).toBeGreaterThan(Date.now());
    expect(
      (await everythingTold()).map(({ who, title, body }) => ({
        who,
        title: title.replace(/^QR-\d+ /, ''),
        says: body.replace(/^.*?\. /, '')
      }))
    ).toEqual([
      { who: 'Ravi Manager', title: `was due ${was}`, says: `It is due ${is} now.` },
      {
        who: 'Hema Head',
        title: 'was late',
        says: `It was due ${was}. The policy raised its priority to high. It is due ${is} now.`
      }
    ]);
  });
});
