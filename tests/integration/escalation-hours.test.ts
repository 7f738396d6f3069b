import { beforeAll, beforeEach, expect, test } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { carryOutDue } from '#lib/escalation/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { mintLadder } from '../support/ladders.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';
import { firm, superuser, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Steps keep to working hours. */
beforeAll(async () => {
  await superuser`delete from calendar_holidays`;
  await superuser`update policy_versions set working_hours_only = true`;
});

beforeEach(async () => {
  await superuser`truncate clocks, notifications, mail_outbox, job_outbox, clock_refresh restart identity cascade`;
  await work([2]);
});

/** Which days are worked, counted from today, whatever day it is; those that have just passed come in a week. */
async function work(days: number[], calendar = 'Business hours'): Promise<void> {
  await superuser`delete from calendar_windows w using calendars c where c.id = w.calendar_id and c.name = ${calendar}`;
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, extract(isodow from (now() at time zone time_zone) + make_interval(days => n)), '00:00', '24:00'
    from calendars cross join unnest(${days}::int[]) n where name = ${calendar}`;
  await superuser`update calendars set version = version + 1 where name = ${calendar}`;
}

const ALWAYS = [0, 1, 2, 3, 4, 5, 6];

const carried = async (id: number) =>
  (
    await superuser<{ key: string }[]>`
      select e.step_key as key from escalations e join clocks k on k.id = e.clock_id
      where k.subject_kind = 'client' and k.subject_id = ${id} and e.kind = 'breach' order by e.id`
  ).map(({ key }) => key);
const heard = async () =>
  Number((await superuser`select count(*) from notifications where user_id = ${firm.rm.userId}`)[0]?.count);

/** As if so many days had gone by. */
async function letDaysPass(days: number): Promise<void> {
  await superuser`update clock_steps set action_at = action_at - make_interval(days => ${days})`;
  await superuser`update clocks set next_action_at = next_action_at - make_interval(days => ${days})`;
}

test('what falls due outside working hours is carried out once, after the next opening', async () => {
  const createdAt = new Date(Date.now() - 90 * DAY - HOUR);
  const id = await mintClient({ primaryRmId: firm.rm.userId, createdAt });
  await refreshClocks();
  await sweepEscalations();
  expect(await carried(id)).toEqual([]);
  const before = await heard();
  const [clock] = await superuser`
    select breached_at, due_at, next_action_at from clocks where subject_id = ${id} and target = 'contact'`;
  expect(clock?.breached_at).toEqual(clock?.due_at);
  expect(new Date(clock?.next_action_at as string).getTime()).toBeGreaterThan(Date.now() + DAY / 2);

  await letDaysPass(3);
  await work(ALWAYS);
  await sweepEscalations();
  expect(await carried(id)).toEqual(['breach', 'breach_head']);
  expect(await heard()).toBe(before + 1);
  await sweepEscalations();
  expect(await carried(id)).toEqual(['breach', 'breach_head']);
  expect(await heard()).toBe(before + 1);
});

const steps = async () =>
  Number((await superuser<{ n: string }[]>`select count(*) as n from escalations`)[0]?.n);
const mailed = async () =>
  Number((await superuser<{ n: string }[]>`select count(*) as n from mail_outbox`)[0]?.n);

/** Overdue by an hour, and its step was to be taken then. */
async function overdue(): Promise<number> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
  return mintLadder(superuser, { kind: 'request', id, rungs: [{ kind: 'breach', tell: 'head' }] });
}

test('what fell due in working hours and is found at night is told at the next opening, in one message', async () => {
  const clocks = [];
  for (let n = 0; n < 7; n++) clocks.push(await overdue());
  await superuser`delete from clock_refresh`;
  await sweepEscalations();
  await sweepEscalations();
  expect([await steps(), await mailed()]).toEqual([0, 0]);
  const [found] = await superuser`
    select count(*) filter (where k.breached_at = k.due_at)::int as broken,
      count(*) filter (where k.next_action_at = s.action_at)::int as waiting,
      min((s.action_at at time zone c.time_zone)::text) = max((s.action_at at time zone c.time_zone)::text) as at_once,
      bool_and(s.action_at = ((now() at time zone c.time_zone)::date + 2)::timestamp at time zone c.time_zone) as opening
    from clocks k join clock_steps s on s.clock_id = k.id join calendars c on c.id = k.calendar_id`;
  expect(found).toEqual({ broken: 7, waiting: 7, at_once: true, opening: true });

  await letDaysPass(3);
  await work(ALWAYS);
  await sweepEscalations();
  await sweepEscalations();
  expect([await steps(), await mailed()]).toEqual([7, 1]);
  expect(await superuser`select title from notifications`).toMatchObject([
    { title: '7 promises need attention' }
  ]);
});

test('another calendar that is open now keeps nobody waiting, and what was done is not put off', async () => {
  const [open] = await superuser<{ id: number }[]>`
    insert into calendars (name, time_zone) values ('Round the clock', 'Asia/Kolkata') returning id::int as id`;
  await work(ALWAYS, 'Round the clock');
  const [closed, other] = [await overdue(), await overdue()];
  await superuser`update clocks set calendar_id = ${open?.id ?? 0} where id = ${other}`;
  await sweepEscalations();
  expect([...(await superuser`select clock_id::int as id from escalations`)]).toEqual([{ id: other }]);
  const [before] = await superuser`select action_at from clock_steps where clock_id = ${other}`;
  await superuser`update clocks set calendar_id = (select calendar_id from clocks where id = ${closed}), next_action_at = now()
    where id = ${other}`;
  await sweepEscalations();
  expect((await superuser`select action_at from clock_steps where clock_id = ${other}`)[0]).toEqual(before);
});

test('a promise that is found broken when it is planned waits for the opening too', async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const id = await mintQuery({ clientId, rmId: firm.rm.userId });
  const at = new Date(Date.now() - 60 * DAY);
  await asSystem((tx) => startClocks(tx, { kind: 'query', id, clientId, priority: 'normal' }, { at }));
  const [planned] = await superuser`
    select bool_and(s.action_at > now()) as ahead, bool_and(k.due_at < now()) as late from clock_steps s
    join clocks k on k.id = s.clock_id where k.subject_kind = 'query' and k.subject_id = ${id}`;
  expect(planned).toEqual({ ahead: true, late: true });
  await sweepEscalations();
  expect(await steps()).toBe(0);
});

test('what was carried out before work closed, by a worker that was killed then, is told at the opening too', async () => {
  await work(ALWAYS);
  await overdue();
  await superuser`delete from clock_refresh`;
  await asSystem((tx) => carryOutDue(tx, 10));
  await work([2]);
  await sweepEscalations();
  expect([await steps(), await mailed()]).toEqual([1, 0]);
  await work(ALWAYS);
  await sweepEscalations();
  expect([await steps(), await mailed()]).toEqual([1, 1]);
});
