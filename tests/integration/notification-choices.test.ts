import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { notify } from '#lib/notifications/commands.server.ts';
import {
  NOTIFICATION_KINDS,
  NOTIFICATION_KIND_NAMES,
  type Choice,
  type NotificationKind
} from '#lib/notifications/kinds.ts';
import { mailNotifications } from '#lib/notifications/mailing.server.ts';
import type { Mutable } from '#lib/notifications/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { writeSummaries } from '../../workers/summaries.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintLadder } from '../support/ladders.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;
let clientId: number;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
});

afterAll(async () => {
  await closeDatabase();
  await superuser?.end();
  await database?.drop();
});

beforeEach(async () => {
  await superuser`truncate clocks, notifications, mail_outbox, job_outbox, notification_mutes,
    notification_summaries restart identity cascade`;
  await superuser`update user_profiles set notification_choices = '{}', digest_at = '08:30'`;
});

let told = 0;
interface About {
  kind: Mutable;
  id: number;
}
const tell = (kind: NotificationKind, to: Actor, subject: About | null = null) =>
  asActor(firm.rmHead, (tx) =>
    notify(tx, {
      key: `test:${++told}`,
      userIds: [to.userId],
      kind,
      subject,
      title: `News ${told}`,
      reason: 'You are in this test.'
    })
  );
const choose = (actor: Actor, choices: Partial<Record<NotificationKind, Choice>>) =>
  callerFor(actor).notifications.choose(choices);
const kindsOf = async (actor: Actor) =>
  (await callerFor(actor).notifications.list({})).items.map(({ kind }) => kind);
const mailed = () =>
  superuser<{ who: string; subject: string; text: string }[]>`
    select u.name as who, m.subject, m.text from mail_outbox m join users u on u.id = m.user_id order by m.id`;
const overdue = async (tellWhom: 'assignee' | 'head' = 'assignee') => {
  const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
  await mintLadder(superuser, { kind: 'request', id, rungs: [{ kind: 'breach', tell: tellWhom }] });
  return id;
};

describe('a choice', () => {
  test('that nobody made is the one the database knows too', async () => {
    const choices = await callerFor(firm.rm).notifications.choices({});
    for (const kind of NOTIFICATION_KIND_NAMES) {
      const [row] = await superuser<{ choice: string }[]>`
        select app.delivery_for(${firm.rm.userId}, ${kind}) as choice`;
      expect([kind, row?.choice]).toEqual([kind, NOTIFICATION_KINDS[kind].usually]);
      expect(choices[kind]).toBe(NOTIFICATION_KINDS[kind].usually);
    }
  });

  test('to hear nothing of a kind stops it, and only it, whoever writes', async () => {
    await choose(firm.ops, { mention: 'none', escalation: 'none' });
    await tell('mention', firm.ops);
    await tell('merged', firm.ops);
    await asSystem((tx) =>
      notify(tx, {
        key: 'x',
        userIds: [firm.ops.userId],
        kind: 'mention',
        subject: null,
        title: 'x',
        reason: 'x'
      })
    );
    await overdue();
    await sweepEscalations();
    expect(await kindsOf(firm.ops)).toEqual(['merged']);
    expect(await mailed()).toEqual([]);
    const [step] =
      await superuser`select told_user_ids as ids, told_at is not null as settled from escalations`;
    expect(step).toEqual({ ids: [], settled: true });
  });

  test('by mail at once asks for the mail in the same transaction, and sends it once', async () => {
    await choose(firm.rm, { assigned: 'mail' });
    await expect(
      asActor(firm.rmHead, async (tx) => {
        await notify(tx, {
          key: 'gone',
          userIds: [firm.rm.userId],
          kind: 'assigned',
          subject: null,
          title: 'x',
          reason: 'x'
        });
        throw new Error('no');
      })
    ).rejects.toThrow('no');
    expect(await superuser`select 1 from job_outbox where job = 'notifications.mail'`).toHaveLength(0);
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    await tell('assigned', firm.rm, { kind: 'query', id });
    expect(await superuser`select 1 from job_outbox where job = 'notifications.mail'`).toHaveLength(1);
    const mail = () => asSystem((tx) => mailNotifications(tx, 'http://rapport.test'));
    await Promise.all([mail(), mail()]);
    await mail();
    const [one, ...others] = await mailed();
    expect(others).toEqual([]);
    expect(one?.subject).toMatch(/^News \d+$/);
    expect(one?.text).toContain(
      'You are in this test. Choose how you are told under http://rapport.test/me/notifications'
    );
    expect(one?.text).toContain(`http://rapport.test/queries/${id}`);
  });

  test('of many at once by mail makes one mail', async () => {
    await choose(firm.rm, { assigned: 'mail' });
    for (let n = 0; n < 7; n++) await tell('assigned', firm.rm);
    await asSystem((tx) => mailNotifications(tx, 'http://rapport.test'));
    expect(await mailed()).toMatchObject([{ subject: '7 notifications' }]);
  });

  test('against broken promises leaves them in the app for those who lead people', async () => {
    await expect(choose(firm.opsHead, { escalation: 'none' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT'
    });
    await choose(firm.opsHead, { escalation: 'app', warning: 'none' });
    // Chosen while he led nobody.
    await superuser`update user_profiles set notification_choices = '{"escalation": "none"}'
      where user_id = ${firm.opsHead.userId}`;
    await overdue('head');
    await sweepEscalations();
    expect(await kindsOf(firm.opsHead)).toEqual(['escalation']);
    expect(await mailed()).toEqual([]);
  });

  test('is made by everybody for himself: the database refuses a head', async () => {
    const attempt = superuser.begin(async (sql) => {
      await sql`select set_config('app.user_id', ${String(firm.rmHead.userId)}, true)`;
      await sql.unsafe('set local role rapport_scoped');
      await sql`update user_profiles set notification_choices = '{"escalation": "none"}' where user_id = ${firm.rm.userId}`;
    });
    await expect(attempt).rejects.toThrow(/chooses for himself/);
  });

  test('of what it does not know is refused', async () => {
    const other = callerFor(firm.rm).notifications.choose as (input: unknown) => Promise<unknown>;
    await expect(other({ mention: 'loud' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(other({ userId: 1, mention: 'none' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a step of a policy', () => {
  const does = async (does: ('notify' | 'mail')[]) => {
    const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
    await mintLadder(superuser, { kind: 'request', id, rungs: [{ tell: 'assignee', does }] });
    await sweepEscalations();
    const [row] = await superuser<{ unread: boolean }[]>`select read_at is null as unread from notifications`;
    return { unread: row?.unread, mails: (await mailed()).length };
  };
  test('that does not mail stays in the app', async () => {
    expect(await does(['notify'])).toEqual({ unread: true, mails: 0 });
  });
  test('that only mails leaves nothing unread', async () => {
    expect(await does(['mail'])).toEqual({ unread: false, mails: 1 });
  });
});

describe('a muted record', () => {
  const about = async () => ({ kind: 'request' as const, id: await overdue() });

  test('tells only what is meant by name, and in the app that a promise is broken', async () => {
    const record = await about();
    const api = callerFor(firm.ops).notifications;
    await api.mute(record);
    await api.mute(record);
    for (const kind of ['mention', 'assigned', 'acknowledged', 'merged', 'warning'] as const)
      await tell(kind, firm.ops, record);
    await sweepEscalations();
    expect((await kindsOf(firm.ops)).sort()).toEqual(['assigned', 'escalation', 'mention']);
    expect(await mailed()).toEqual([]);

    expect(await api.muted({})).toMatchObject([{ ...record, page: `/requests/${record.id}` }]);
    expect(await api.about(record)).toEqual({ muted: true, unread: 3 });
    await api.unmute(record);
    await tell('merged', firm.ops, record);
    expect(await kindsOf(firm.ops)).toContain('merged');
  });

  test('is muted for oneself only, and only when one sees it', async () => {
    const record = await about();
    await callerFor(firm.ops).notifications.mute(record);
    expect(await callerFor(firm.opsHead).notifications.muted({})).toEqual([]);
    await tell('merged', firm.opsHead, record);
    expect(await kindsOf(firm.opsHead)).toEqual(['merged']);
    const id = await mintQuery({
      clientId: await mintClient({ primaryRmId: firm.otherRm.userId }),
      rmId: firm.otherRm.userId
    });
    const hidden = callerFor(firm.rm).notifications.mute({ kind: 'query', id });
    await expect(hidden).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(callerFor(firm.rm).notifications.mute({ kind: 'query', id: 999_999 })).rejects.toMatchObject(
      { code: 'NOT_FOUND' }
    );
  });

  test('that somebody no longer sees can be unmuted, without its name', async () => {
    const id = await mintQuery({ clientId, rmId: firm.rm2.userId });
    const record = { kind: 'query' as const, id };
    await callerFor(firm.rm2).notifications.mute(record);
    await superuser`update queries set rm_id = ${firm.rm.userId} where id = ${id}`;
    expect(await callerFor(firm.rm2).notifications.muted({})).toMatchObject([
      { ...record, label: null, page: null }
    ]);
    await callerFor(firm.rm2).notifications.unmute(record);
    expect(await callerFor(firm.rm2).notifications.muted({})).toEqual([]);
  });
});

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
