import { describe, expect, test } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { everythingTold, mintWork, sendOnLeave, useQuietFirm } from '../support/escalating.ts';
import { mintUser } from '../support/firm.ts';
import { mintLadder } from '../support/ladders.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useQuietFirm();

describe('substitutes', () => {
  const work = async () => {
    const { id } = await mintWork();
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'assignee' }] });
  };

  test('who are away too pass it on to theirs', async () => {
    const third = await asSystem((tx) =>
      mintUser(tx, { role: 'ops_executive', name: 'Tara Third', teamIds: [firm.teams.ops] })
    );
    await sendOnLeave(firm.ops, firm.ops2.userId);
    await sendOnLeave(firm.ops2, third);
    await work();
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Tara Third']);
  });

  test('who stand in for each other and are both away leave it to the head', async () => {
    await sendOnLeave(firm.ops, firm.ops2.userId);
    await sendOnLeave(firm.ops2, firm.ops.userId);
    await work();
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Pia Opshead']);
  });

  test('who are deactivated, or the person himself, leave it to the head', async () => {
    const gone = await asSystem((tx) =>
      mintUser(tx, { role: 'ops_executive', teamIds: [firm.teams.ops], active: false })
    );
    await sendOnLeave(firm.ops, gone);
    await work();
    await sweepEscalations();
    await sendOnLeave(firm.ops, firm.ops.userId);
    await work();
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Pia Opshead', 'Pia Opshead']);
  });

  test('are told whatever the leave where the step tells the substitute', async () => {
    await superuser`update users set substitute_id = ${firm.ops2.userId} where id = ${firm.ops.userId}`;
    const clientId = await mintClient();
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'substitute' }] });
    await sweepEscalations();
    expect(await everythingTold()).toMatchObject([
      { reason: 'You are told as the substitute of Opal Desk.' }
    ]);
  });

  test('are worked out when people are told, not when the step was due', async () => {
    await work();
    await superuser`update users set leave_from = today, leave_to = today from (
      select (now() at time zone time_zone)::date as today from firm_settings) as firm where id = ${firm.ops.userId}`;
    await sweepEscalations();
    expect((await everythingTold()).map(({ who }) => who)).toEqual(['Pia Opshead']);
  });
});
