import { describe, expect, test } from 'vitest';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { writeSummaries } from '../../workers/summaries.ts';
import { choose, clientId, mailed, overdue, tell, useNotifications } from '../support/notifying.ts';
import { mintQuery } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
useNotifications();

describe('reading', () => {
  test('marks some, those about a record, or all', async () => {
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    for (let n = 0; n < 3; n++) await tell('merged', firm.rm);
    await tell('mention', firm.rm, { kind: 'query', id });
    const api = callerFor(firm.rm).notifications;
    const { items } = await api.list({ filter: { kind: 'merged' } });
    expect(await api.markRead({ ids: items.slice(0, 2).map((item) => item.id) })).toEqual({ marked: 2 });
    expect(await api.markRead({ about: { kind: 'query', id } })).toEqual({ marked: 1 });
    expect((await api.list({ filter: { unread: true } })).total).toBe(1);
    expect(await api.markRead({})).toEqual({ marked: 1 });
  });

  test('pages through a kind without a gap or a repeat', async () => {
    for (let n = 0; n < 7; n++) await tell(n % 2 ? 'mention' : 'merged', firm.rm);
    const api = callerFor(firm.rm).notifications;
    const seen: number[] = [];
    for (let cursor: string | undefined, last = false; !last;) {
      const page = await api.list({ filter: { kind: 'merged' }, limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      last = page.nextCursor === null;
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  test('shows the promises of one message for many, as they stand now, to nobody else', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 6; n++) ids.push(await overdue());
    await sweepEscalations();
    const [message] = (await callerFor(firm.ops).notifications.list({})).items;
    expect(message).toMatchObject({
      title: '6 promises need attention',
      page: `/notifications/${message?.id}`
    });
    await superuser`update clocks set state = 'satisfied' where subject_id = ${ids[0] ?? 0}`;
    const { promises } = await callerFor(firm.ops).notifications.byId({ id: message?.id ?? 0 });
    expect(promises.map(({ subjectId }) => subjectId).sort()).toEqual([...ids].sort());
    expect(promises.at(-1)).toMatchObject({ subjectId: ids[0], over: true, page: `/requests/${ids[0]}` });
    const others = callerFor(firm.opsHead).notifications.byId({ id: message?.id ?? 0 });
    await expect(others).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the daily summary', () => {
  const today = async () => {
    const [row] = await superuser<{ on: string }[]>`
      select (now() at time zone (select time_zone from firm_settings))::date::text as on`;
    return row?.on ?? '';
  };
  const write = async (asked = true) => writeSummaries({ localDate: await today(), asked });

  test('has what was not read, once a day, and leaves the rest for the next', async () => {
    await choose(firm.rm, { merged: 'daily', mention: 'daily' });
    await tell('merged', firm.rm);
    await tell('mention', firm.rm);
    await tell('mention', firm.rm);
    const { items } = await callerFor(firm.rm).notifications.list({ filter: { kind: 'mention' }, limit: 1 });
    await callerFor(firm.rm).notifications.markRead({ ids: items.map(({ id }) => id) });
    await Promise.all([write(), write()]);
    await tell('merged', firm.rm);
    await write();
    const [mail, ...others] = await mailed();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('2 notifications you have not read');
    expect(mail?.text).toContain('Merged records: 1');
    expect(mail?.text).toContain('Mentions: 1');
    await writeSummaries({ localDate: '2031-01-06', asked: true });
    expect((await mailed()).map(({ subject }) => subject)).toEqual([
      '2 notifications you have not read',
      '1 notification you have not read'
    ]);
  });

  test('comes from the hour the person chose, on working days only', async () => {
    await choose(firm.rm, { merged: 'daily' });
    await tell('merged', firm.rm);
    await superuser`insert into calendar_holidays (calendar_id, on_date, name)
      select id, ${await today()}::date, 'Closed' from calendars on conflict (calendar_id, on_date) do update set windows = null`;
    await superuser`update user_profiles set digest_at = '00:00'`;
    await write(false);
    expect(await mailed()).toEqual([]);
    await superuser`update calendar_holidays set windows = '[{"opens": "09:00", "closes": "12:00"}]'
      where on_date = ${await today()}::date`;
    await superuser`update user_profiles set digest_at = (now() at time zone (select time_zone from firm_settings)
      + interval '1 minute')::time`;
    const [midnight] = await superuser<{ soon: boolean }[]>`
      select (now() at time zone (select time_zone from firm_settings))::time > '23:58' as soon`;
    if (!midnight?.soon) await write(false);
    expect(await mailed()).toEqual([]);
    await superuser`update user_profiles set digest_at = '00:00'`;
    await write(false);
    expect(await mailed()).toHaveLength(1);
  });

  test('is noted and not sent where there is nothing to say', async () => {
    await choose(firm.rm, { merged: 'daily' });
    await write();
    expect(await mailed()).toEqual([]);
    expect(await superuser`select count from notification_summaries`).toMatchObject([{ count: 0 }]);
  });
});
