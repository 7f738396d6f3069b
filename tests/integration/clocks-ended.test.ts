import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { resume, satisfyClock, startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import { closeResolvedQueries } from '#lib/desk/query-commands.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';
import { at, clockOf, clocksOf, drain, newQuery, promiseTwoDays } from '../support/work-clocks.ts';

useTestFirm();

beforeAll(async () => {
  await promiseTwoDays();
});

describe('what an ended clock keeps', () => {
  test('is whose time it was, to the minute, and when it ran', async () => {
    const { id, subject } = await newQuery(firm.rm.userId);
    await asActor(firm.rm, async (tx) => {
      await startClocks(tx, subject, { at: at('16T10:00') });
      await waitOn(tx, subject, 'client', 'Which folio?', { at: at('16T10:07') });
      await resume(tx, subject, 'He said', { at: at('16T11:31') });
      await waitOn(tx, subject, 'third_party', 'Registrar', { at: at('16T17:58') });
      await resume(tx, subject, 'It came', { at: at('17T09:33') });
      await satisfyClock(tx, subject, 'resolution', { at: at('17T09:44') });
    });
    const clock = await clockOf('query', id);
    expect(clock).toMatchObject({
      minutesTarget: 1020,
      minutesOurs: 7 + 387 + 11,
      minutesThirdParty: 2 + 3,
      minutesClient: 84,
      minutesUsed: 7 + 387 + 11 + 5,
      minutesOver: 0
    });
    const [ran] = await asSystem((tx) =>
      tx.execute<{ seconds: string }>(sql`
        select sum(extract(epoch from upper(r) - lower(r))) as seconds from clocks k, unnest(k.ran) r
        where k.id = ${clock.id}`)
    );
    const whole = (at('17T09:44').getTime() - at('16T10:00').getTime()) / 1000;
    expect(Number(ran?.seconds)).toBe(whole - 84 * 60);
  });

  test('is closed as well when the work was rejected', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    const requestTypeId = firm.requestTypeId;
    await asSystem((tx) => startClocks(tx, { kind: 'request', id, clientId, requestTypeId }));
    await callerFor(firm.ops).requests.reject({ id, reason: 'Withdrawn' });
    for (const clock of await clocksOf('request', id)) {
      expect(clock).toMatchObject({ state: 'cancelled', nextActionAt: null });
      expect(clock.minutesTarget).toBeGreaterThan(0);
    }
    const [open] = await asSystem((tx) =>
      tx.execute<{ open: number }>(sql`
        select count(*)::int as open from clock_segments g join clocks k on k.id = g.clock_id
        where k.subject_kind = 'request' and k.subject_id = ${id} and (g.to_at is null or upper_inf(k.ran))`)
    );
    expect(open?.open).toBe(0);
  });

  test('says that it was kept in time, also where a job ends it after the sweep', async () => {
    const { id, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject, { at: at('16T10:00') }));
    await asSystem((tx) => carryOutDue(tx, 1000));
    expect((await clockOf('query', id)).breachedAt).not.toBeNull();
    await asSystem((tx) => satisfyClock(tx, subject, 'resolution', { at: at('17T10:00') }));
    expect(await clockOf('query', id)).toMatchObject({ breachedAt: null, minutesOver: 0, minutesUsed: 510 });
  });

  test('is left alone when a resolved query is closed after seven days', async () => {
    const { id, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject, { at: at('02T10:00') }));
    await callerFor(firm.rm).queries.resolve({ id, resolution: 'Explained' });
    const before = await clocksOf('query', id);
    await asSystem((tx) =>
      tx
        .update(queries)
        .set({ resolvedAt: sql`now() - interval '8 days'` })
        .where(eq(queries.id, id))
    );
    await asSystem((tx) => closeResolvedQueries(tx));
    await drain();
    expect(await callerFor(firm.rm).queries.byId({ id })).toMatchObject({ status: 'closed' });
    expect(await clocksOf('query', id)).toEqual(before);
  });

  test('stays when the work is reopened: the next round runs, and the first response is given once', async () => {
    const { id, subject } = await newQuery(firm.rm.userId);
    await asSystem((tx) => startClocks(tx, subject));
    const rm = callerFor(firm.rm);
    await rm.queries.resolve({ id, resolution: 'Explained' });
    await rm.queries.reopen({ id, reason: 'Not clear yet' });
    expect(await clocksOf('query', id, 'resolution')).toMatchObject([
      { round: 1, state: 'satisfied' },
      { round: 2, state: 'running' }
    ]);
    expect(await clocksOf('query', id, 'first_response')).toMatchObject([{ state: 'satisfied' }]);
  });
});
