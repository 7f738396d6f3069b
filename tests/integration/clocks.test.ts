import { asc, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import {
  cancelClocks,
  resume,
  reviseClocks,
  satisfyClock,
  startClocks,
  waitOn
} from '#lib/clocks/commands.server.ts';
import type { Subject } from '#lib/clocks/model.ts';
import { seedDefaultPolicies } from '#lib/clocks/defaults.server.ts';
import { clocksForSubject, explainClockById } from '#lib/clocks/reads.server.ts';
import { policies } from '#lib/clocks/policy-schema.server.ts';
import { clockSegments, clockSteps } from '#lib/clocks/schema.server.ts';
import { queries, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clockOf, clocksOf } from '../support/work-clocks.ts';

useTestFirm();

async function newRequest(): Promise<Subject> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
  return { kind: 'request', id, clientId, requestTypeId: firm.requestTypeId, priority: 'normal' };
}

const segmentsOf = (clockId: number) =>
  asSystem((tx) =>
    tx.select().from(clockSegments).where(eq(clockSegments.clockId, clockId)).orderBy(asc(clockSegments.id))
  );

const stepsOf = (clockId: number) =>
  asSystem((tx) =>
    tx.select().from(clockSteps).where(eq(clockSteps.clockId, clockId)).orderBy(asc(clockSteps.position))
  );

describe('a clock', () => {
  test('starts under the first policy that matches, in the business hours of its calendar', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject, { at: at('16T10:00') }));

    const clock = await clockOf(subject.kind, subject.id);
    expect(clock).toMatchObject({ target: 'resolution', state: 'running', round: 1, breachedAt: null });
    expect(clock.dueAt).toEqual(at('25T10:00'));
    expect(clock.nextActionAt).toEqual(clock.warnAt);
    expect(await segmentsOf(clock.id)).toMatchObject([
      { kind: 'ours', cause: 'Opened', userId: firm.ops.userId, fromAt: at('16T10:00'), toAt: null }
    ]);
    expect(await stepsOf(clock.id)).toMatchObject([
      { stepKey: 'warning', tell: 'assignee' },
      { stepKey: 'breach', tell: 'head', actionAt: at('25T10:00') },
      { stepKey: 'administrators', tell: 'administrators', actionAt: at('25T14:00') }
    ]);
    const [row] = await asSystem((tx) =>
      tx
        .select({ dueAt: serviceRequests.dueAt })
        .from(serviceRequests)
        .where(eq(serviceRequests.id, subject.id))
    );
    expect(row?.dueAt).toEqual(at('25T10:00'));
  });

  test('is started once, however often it is asked for', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject));
    await asActor(firm.ops, (tx) => startClocks(tx, subject));
    expect(await clocksOf(subject.kind, subject.id, 'resolution')).toHaveLength(1);
  });

  test('stands still while it waits for the client, and moves by exactly that working time', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asActor(firm.ops, (tx) =>
      waitOn(tx, subject, 'client', 'The cheque leaf is missing', { at: at('18T17:00') })
    );
    const paused = await clockOf(subject.kind, subject.id);
    expect(paused).toMatchObject({ state: 'paused', dueAt: null, nextActionAt: null });
    expect((await stepsOf(paused.id)).map((step) => step.actionAt)).toEqual([null, null, null]);

    await asActor(firm.ops2, (tx) => resume(tx, subject, 'It came by courier', { at: at('19T11:30') }));
    const running = await clockOf(subject.kind, subject.id);
    // An hour on the evening of the 18th and two in the morning of the 19th; Tuesday the 24th is a holiday.
    expect(running.dueAt).toEqual(at('25T13:00'));
    expect(running.state).toBe('running');
    expect(await segmentsOf(running.id)).toMatchObject([
      { kind: 'ours', toAt: at('18T17:00') },
      { kind: 'client', cause: 'The cheque leaf is missing', userId: firm.ops.userId, toAt: at('19T11:30') },
      { kind: 'ours', cause: 'It came by courier', userId: firm.ops2.userId, toAt: null }
    ]);
  });

  test('runs on while a third party has it, and keeps that time apart', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asActor(firm.ops, (tx) =>
      waitOn(tx, subject, 'third_party', 'With the registrar', { at: at('17T10:00') })
    );
    const clock = await clockOf(subject.kind, subject.id);
    expect(clock).toMatchObject({ state: 'running', dueAt: at('25T10:00') });
    expect((await segmentsOf(clock.id)).map((segment) => segment.kind)).toEqual(['ours', 'third_party']);
  });

  test('keeps what it used when it is satisfied, and that it was late', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asActor(firm.ops, (tx) => satisfyClock(tx, subject, 'resolution', { at: at('25T11:20') }));
    const target = 6 * 510;
    expect(await clockOf(subject.kind, subject.id)).toMatchObject({
      state: 'satisfied',
      endedAt: at('25T11:20'),
      breachedAt: at('25T10:00'),
      minutesUsed: target + 80,
      minutesOver: 80,
      nextActionAt: null
    });
  });

  test('that was kept in time is not breached, and one that is void is cancelled', async () => {
    const kept = await newRequest();
    const withdrawn = await newRequest();
    await asActor(firm.ops, async (tx) => {
      await startClocks(tx, kept, { at: at('16T10:00') });
      await startClocks(tx, withdrawn, { at: at('16T10:00') });
      await satisfyClock(tx, kept, 'resolution', { at: at('16T12:00') });
      await cancelClocks(tx, withdrawn, { at: at('16T12:00') });
    });
    expect(await clockOf(kept.kind, kept.id)).toMatchObject({
      state: 'satisfied',
      breachedAt: null,
      minutesUsed: 120,
      minutesOver: 0
    });
    expect(await clockOf(withdrawn.kind, withdrawn.id)).toMatchObject({
      state: 'cancelled',
      nextActionAt: null
    });
  });

  test('of reopened work is a new one, with a new due time', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, async (tx) => {
      await startClocks(tx, subject, { at: at('02T10:00') });
      await satisfyClock(tx, subject, 'resolution', { at: at('03T10:00') });
      await startClocks(tx, subject, { at: at('16T10:00'), cause: 'Reopened: wrong account' });
    });
    expect(await clocksOf(subject.kind, subject.id, 'resolution')).toMatchObject([
      { round: 1, state: 'satisfied' },
      { round: 2, state: 'running', dueAt: at('25T10:00') }
    ]);
  });

  test('goes over to another policy when the priority changes, from its own start', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    const query: Subject = { kind: 'query', id, clientId, priority: 'normal' };
    await asActor(firm.rm, (tx) => startClocks(tx, query, { at: at('16T10:00') }));
    expect((await clockOf(query.kind, query.id)).dueAt).toEqual(at('18T10:00'));

    await asActor(firm.rm, (tx) => reviseClocks(tx, { ...query, priority: 'high' }));
    expect((await clockOf(query.kind, query.id)).dueAt).toEqual(at('16T14:00'));
    const [row] = await asSystem((tx) =>
      tx.select({ dueAt: queries.dueAt }).from(queries).where(eq(queries.id, id))
    );
    expect(row?.dueAt).toEqual(at('16T14:00'));
  });

  test('is not there for somebody who does not see its subject', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, (tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asActor(firm.otherRm, (tx) => waitOn(tx, subject, 'client', 'Not mine', { at: at('17T10:00') }));
    expect(await clockOf(subject.kind, subject.id)).toMatchObject({ state: 'running' });
  });

  test('cannot be started by somebody on a subject that he does not see', async () => {
    const subject = await newRequest();
    await expect(asActor(firm.otherRm, (tx) => startClocks(tx, subject))).rejects.toThrow();
    expect(await clocksOf(subject.kind, subject.id, 'resolution')).toHaveLength(0);
  });
});

describe('what the screens read', () => {
  test('is the time used by each, the steps and who sees the subject', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, async (tx) => {
      await startClocks(tx, subject, { at: at('16T10:00') });
      await waitOn(tx, subject, 'third_party', 'With the registrar', { at: at('16T12:00') });
      await waitOn(tx, subject, 'client', 'The cheque leaf is missing', { at: at('16T15:00') });
      await resume(tx, subject, 'It came', { at: at('17T10:00') });
      await satisfyClock(tx, subject, 'resolution', { at: at('17T11:00') });
    });
    const shown = await asActor(firm.rm, (tx) => clocksForSubject(tx, firm.rm, subject), { readOnly: true });
    const clock = shown.find(({ target }) => target === 'resolution');
    expect(clock).toMatchObject({
      state: 'satisfied',
      usedMinutes: 360,
      oursMinutes: 180,
      thirdPartyMinutes: 180,
      clientMinutes: 210,
      targetMinutes: 3060,
      leftMinutes: 2700,
      percent: 12,
      warnPercent: 75,
      steps: [{ key: 'warning' }, { key: 'breach' }, { key: 'administrators' }]
    });
    await expect(
      asActor(firm.otherRm, (tx) => clocksForSubject(tx, firm.rm, subject), { readOnly: true })
    ).rejects.toThrow('Not found');
  });

  test('explains the due time: the pause and who caused it, nights, weekends, the holiday', async () => {
    const subject = await newRequest();
    await asActor(firm.ops, async (tx) => {
      await startClocks(tx, subject, { at: at('16T10:00') });
      await waitOn(tx, subject, 'client', 'The cheque leaf is missing', { at: at('18T17:00') });
      await resume(tx, subject, 'It came', { at: at('19T11:30') });
    });
    const { id } = await clockOf(subject.kind, subject.id);
    const explained = await asActor(firm.rm, (tx) => explainClockById(tx, firm.rm, id), { readOnly: true });
    expect(explained.words).toEqual([
      'The promise is 6 working days by the calendar Business hours (Asia/Kolkata), which is 51 h of working time.',
      'It started Monday 16 November, 10:00: opened by Opal Desk.',
      'From Wednesday 18 November, 17:00 to Thursday 19 November, 11:30 it waited for the client (Opal Desk: The cheque leaf is missing): 3 h did not count.',
      'Outside working hours, and not counted: 3 nights, 1 weekend, Guru Nanak Jayanti (Tuesday 24 November).',
      'So it is due Wednesday 25 November, 13:00.'
    ]);
    const worked = explained.stretches.filter((stretch) => stretch.kind === 'ours');
    const minutes = worked.reduce((sum, each) => sum + each.to.getTime() - each.from.getTime(), 0) / 60_000;
    expect(minutes).toBe(explained.targetMinutes);
    await expect(
      asActor(firm.otherRm, (tx) => explainClockById(tx, firm.rm, id), { readOnly: true })
    ).rejects.toThrow('Not found');
  });
});

describe('the default policies', () => {
  test('give each request type its turnaround and are added once', async () => {
    await asSystem(async (tx) => seedDefaultPolicies(tx, await tx.select().from(requestTypes)));
    const keys = (await asSystem((tx) => tx.select({ key: policies.key }).from(policies))).map(
      ({ key }) => key
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(
      expect.arrayContaining(['request.bank_change', 'request.other', 'query.high', 'query.other'])
    );
  });
});
