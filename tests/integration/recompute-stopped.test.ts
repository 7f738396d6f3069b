import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { clocks } from '#lib/clocks/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute, recomputeBatch } from '#lib/policies/recompute.server.ts';
import { api, finishRecomputes, waiting } from '../support/policy-forms.ts';
import {
  change,
  clientId,
  clockOf,
  days,
  followedPolicy,
  open,
  progress,
  useRequestType
} from '../support/policy-changes.ts';
import { mintQuery } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useRequestType();

describe('a recompute that is stopped', () => {
  it('repeats nothing and loses nothing, wherever it stops, and whoever goes on', async () => {
    const id = await followedPolicy();
    const requests = [];
    for (let n = 0; n < 7; n++) requests.push(await open());
    const before = await clockOf(requests[0] ?? 0);
    await change(id, { targets: days(8) });
    const [asked = 0] = await waiting();
    let stopped = 0;
    for (let more = true; more;) {
      // Every other batch is lost after all of it was written.
      await expect(
        asSystem(async (tx) => {
          await recomputeBatch(tx, asked, 2);
          throw new Error('Killed');
        })
      ).rejects.toThrow('Killed');
      stopped++;
      more = await asSystem((tx) => recomputeBatch(tx, asked, 2));
    }
    expect(stopped).toBeGreaterThan(4);
    const { total, done, moved } = (await progress(asked)) ?? {};
    expect({ done, moved }).toEqual({ done: total, moved: 7 });
    for (const request of requests) {
      const clock = await clockOf(request);
      expect(Number(clock?.dueAt)).toBeGreaterThan(Number(before?.dueAt));
      expect(clock?.state).toBe('running');
    }
    await recompute(asked);
    expect(await progress(asked)).toMatchObject({ done: total, moved: 7 });
  });

  it('is done once by two at the same time', async () => {
    const id = await followedPolicy();
    for (let n = 0; n < 4; n++) await open();
    await change(id, { targets: days(6) });
    const [asked = 0] = await waiting();
    await Promise.all([recompute(asked), recompute(asked), recompute(asked)]);
    expect(await progress(asked)).toMatchObject({ moved: 4 });
  });

  it('says what stopped it, and forgets that once it went on', async () => {
    const id = await followedPolicy();
    await open();
    await change(id, { targets: days(7) });
    const [asked = 0] = await waiting();
    await asSystem((tx) => tx.execute(sql`update policy_steps set key = 'x' where false`));
    const [policy] = await asSystem((tx) =>
      tx.execute<{ calendar: number }>(sql`select calendar_id as calendar from policy_versions limit 1`)
    );
    await asSystem((tx) =>
      tx.execute(
        sql`update calendars set time_zone = 'Nowhere/None', version = version + 1 where id = ${policy?.calendar ?? 0}`
      )
    );
    await expect(recompute(asked)).rejects.toThrow();
    expect((await api().byId({ id })).recomputes[0]?.error).toMatch(/not a time zone/);
    await asSystem((tx) =>
      tx.execute(
        sql`update calendars set time_zone = 'Asia/Kolkata', version = version + 1 where id = ${policy?.calendar ?? 0}`
      )
    );
    await recompute(asked);
    expect((await api().byId({ id })).recomputes[0]).toMatchObject({ error: null, moved: 1 });
  });
});

describe('a query', () => {
  it('comes under the policy for its tag once its client has it and the policy changed', async () => {
    const queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
    const id = await followedPolicy({
      subjectKind: 'query',
      requestTypeId: undefined,
      clientTag: 'priority'
    });
    expect(await clockOf(queryId, 'query')).toBeUndefined();
    await callerFor(firm.rm).clients.setTags({ clientId, tags: ['priority'] });
    const { version } = await api().byId({ id });
    await api().setActive({ id, version, active: false });
    await api().setActive({ id, version: version + 1, active: true });
    await finishRecomputes();
    const [row] = await asSystem((tx) => tx.select().from(clocks).where(eq(clocks.subjectId, queryId)));
    expect(row).toMatchObject({ state: 'running', round: 1 });
  });
});
