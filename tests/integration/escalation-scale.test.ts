import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sweepEscalations } from '../../workers/escalation.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';

const CLOCKS = process.env.RAPPORT_DRILL === 'full' ? 100_000 : 6_000;

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
});

afterAll(async () => {
  await closeDatabase();
  await superuser?.end();
  await database?.drop();
});

test(`${CLOCKS} clocks found due at night wait for the opening`, { timeout: 300_000 }, async () => {
  await makeOverdueRequests(CLOCKS);
  await superuser`update policy_versions set working_hours_only = true`;
  await superuser`delete from calendar_windows`;
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, extract(isodow from (now() at time zone time_zone) + interval '2 days'), '00:00', '24:00' from calendars`;
  await superuser`update calendars set version = version + 1`;
  const began = performance.now();
  const swept = await sweepEscalations();
  const seconds = (performance.now() - began) / 1000;
  console.info(`${CLOCKS} due clocks put off in ${seconds.toFixed(1)} s`);

  expect(swept).toEqual({ clocks: CLOCKS, people: 0 });
  const [found] = await superuser`
    select count(*) filter (where breached_at is not null and next_action_at > now())::int as broken,
      (select count(*)::int from escalations) as steps from clocks`;
  expect(found).toEqual({ broken: CLOCKS, steps: 0 });
  expect(seconds).toBeLessThan(60);
});

test(
  `${CLOCKS} clocks due at once escalate in one sweep, with one message a person`,
  { timeout: 300_000 },
  async () => {
    await openAlways();
    const began = performance.now();
    const swept = await sweepEscalations();
    const seconds = (performance.now() - began) / 1000;
    console.info(`${CLOCKS} due clocks escalated in ${seconds.toFixed(1)} s`);

    expect(swept).toEqual({ clocks: CLOCKS, people: 3 });
    const [done] = await superuser`
    select count(*)::int as steps, count(*) filter (where cardinality(told_user_ids) = 1)::int as told from escalations`;
    expect(done).toEqual({ steps: CLOCKS, told: CLOCKS });
    const [messages] = await superuser`select count(*)::int as count from notifications`;
    expect(messages).toEqual({ count: 3 });
    expect(seconds).toBeLessThan(60);
  }
);

/** The day after tomorrow has come, and every hour is worked. */
async function openAlways(): Promise<void> {
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, day, '00:00', '24:00' from calendars cross join generate_series(1, 7) day on conflict do nothing`;
  await superuser`update calendars set version = version + 1`;
  await superuser`update clock_steps set action_at = now() - interval '2 days' where step_key = 'warning'`;
  await superuser`update clocks set next_action_at = now() - interval '1 day' + id * interval '1 millisecond'`;
  await superuser`vacuum (analyze) clocks, clock_steps`;
}

/** Written straight into the tables: what is measured is the sweep. */
async function makeOverdueRequests(count: number): Promise<void> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const people = [firm.ops.userId, firm.ops2.userId];
  // No triggers: they would take longer than what is measured.
  await superuser`set session_replication_role = replica`;
  await superuser`
    insert into service_requests (client_id, type_id, team_id, assignee_id)
    select ${clientId}, ${firm.requestTypeId}, ${firm.teams.ops}, (${people}::bigint[])[1 + n % 2]
    from generate_series(1, ${count}::int) n`;
  await superuser`
    insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at, due_at, next_action_at)
    select 'request', r.id, r.client_id, 'resolution', v.id, v.calendar_id, now() - interval '9 days',
      now() - interval '1 day', now() - interval '1 day' + r.id * interval '1 millisecond'
    from service_requests r
    cross join (select id, calendar_id from policy_versions order by id limit 1) v`;
  await superuser`
    insert into clock_steps (clock_id, step_key, position, kind, tell, action_at)
    select id, 'warning', 1, 'warning', case id % 4 when 0 then 'head' else 'assignee' end, now() - interval '2 days'
    from clocks
    union all
    select id, 'administrators', 3, 'escalation', 'administrators', now() + interval '2 days' from clocks`;
  await superuser`set session_replication_role = origin`;
  await superuser`analyze`;
}
