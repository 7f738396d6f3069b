import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;

/** Only the day after tomorrow is worked, whatever day it is; steps keep to working hours. */
beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser`delete from calendar_windows`;
  await superuser`delete from calendar_holidays`;
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, extract(isodow from (now() at time zone time_zone) + interval '2 days'), '00:00', '24:00' from calendars`;
  await superuser`update calendars set version = version + 1`;
  await superuser`update policy_versions set working_hours_only = true`;
});

afterAll(async () => {
  await superuser?.end();
  await closeDatabase();
  await database?.drop();
});

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
  await sweepEscalations();
  expect(await carried(id)).toEqual(['breach', 'breach_head']);
  expect(await heard()).toBe(before + 1);
  await sweepEscalations();
  expect(await carried(id)).toEqual(['breach', 'breach_head']);
  expect(await heard()).toBe(before + 1);
});
