import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schedulerState } from '#lib/admin/lateness.server.ts';
import { fieldProblem, type FilledField } from '#lib/desk/request-fields.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await useTestDatabase();
  await seedDemo({ password: 'a demo password' });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

async function as(name: string) {
  const [row] = await asSystem((tx) =>
    tx.execute<{ id: number }>(
      sql`select user_id as id from user_profiles where email = ${demoAddress(name)}`
    )
  );
  return callerFor(await actorOf(row?.id ?? 0));
}

describe('The demo firm', () => {
  it('has a past that nothing is late with before the workers have begun', async () => {
    const forgotten = await asSystem((tx) =>
      tx.execute(sql`select 1 from clocks where next_action_at < now() - interval '1 hour'`)
    );
    expect(forgotten).toHaveLength(0);
    expect(await schedulerState()).toEqual({ scheduler: 'on time' });
  });

  it('has told people of what fell due in the past, at whatever hour it is founded, and rung nobody twice', async () => {
    const [told] = await asSystem((tx) =>
      tx.execute<{
        open: number;
        done: number;
        outside: number;
        unread: number;
        read: number;
        again: number;
      }>(sql`
        select count(*) filter (where k.state = 'running')::int as open,
          count(*) filter (where k.state = 'satisfied')::int as done,
          count(*) filter (where e.told_at is null or e.told_user_ids = '{}' or e.carried_out_at > now()
            or e.carried_out_at > k.ended_at or extract(isodow from e.carried_out_at at time zone 'Asia/Kolkata') > 5)::int
            as outside,
          (select count(*)::int from notifications where read_at is null) as unread,
          (select count(*)::int from notifications where read_at is not null) as read,
          (select count(*)::int from clocks c join clock_steps s on s.clock_id = c.id join escalations d
            on d.clock_id = c.id and d.step_key = s.step_key and d.turn = s.turn where c.next_action_at = s.action_at) as again
        from escalations e join clocks k on k.id = e.clock_id`)
    );
    expect(told?.open).toBeGreaterThan(15);
    expect(told?.done).toBeGreaterThan(30);
    expect(told?.read).toBeGreaterThan(0);
    expect(told?.unread).toBeGreaterThan(0);
    expect(told).toMatchObject({ outside: 0, again: 0 });
    const mail = await asSystem((tx) => tx.execute(sql`select distinct state from mail_outbox`));
    expect([...mail]).toEqual([{ state: 'sent' }]);
    const wakes = await asSystem((tx) => tx.execute(sql`select job from job_outbox`));
    expect([...wakes]).toEqual([{ job: 'clocks.due' }]);
    const meera = await as('Meera Iyer');
    const { headlines } = await meera.reports.escalations({});
    expect(headlines.every(({ value }) => Number(value) > 0)).toBe(true);
  });

  it('has portfolio reviews with their holdings, and leads that came of them', async () => {
    const rows = await asSystem((tx) =>
      tx.execute<{ bare: number; reviews: number; oneWay: number; opened: number }>(sql`
        select count(*)::int as reviews,
          count(*) filter (where not exists (
            select 1 from reviewed_holdings h where h.interaction_id = r.interaction_id))::int as bare,
          count(l.id)::int as opened,
          count(l.id) filter (where i.lead_id is distinct from l.id)::int as "oneWay"
        from portfolio_reviews r
        join interactions i on i.id = r.interaction_id
        left join leads l on l.origin_interaction_id = i.id and l.client_id = i.client_id`)
    );
    expect(rows[0]).toMatchObject({ bare: 0, oneWay: 0 });
    expect(rows[0]?.opened).toBeGreaterThan(3);
  });

  it('has months of finished work for reports: kept and late, with waits told apart, and nightly reports', async () => {
    const meera = await as('Meera Iyer');
    const promises = await meera.reports.promises({ from: '2026-01-01' });
    const told = Object.fromEntries(promises.headlines.map(({ key, value }) => [key, Number(value)]));
    expect(told.kept).toBeGreaterThan(50);
    expect(told.late).toBeGreaterThan(10);
    expect(told.client).toBeGreaterThan(0);
    expect(told.thirdParty).toBeGreaterThan(0);
    const pipeline = await meera.reports.pipeline({});
    expect(pipeline.dates.length).toBeGreaterThan(60);
    expect(pipeline.compareWith).not.toBeNull();
  });

  it('asks its heads about duplicates that an RM of the other region does not see', async () => {
    for (const name of ['Arjun Mehta', 'Lakshmi Rao']) {
      const { items } = await (await as(name)).duplicates.list({});
      expect(items.length).toBeGreaterThan(0);
    }
  });

  it('lets a head decide that it is the same, and converts the lead', async () => {
    const arjun = await as('Arjun Mehta');
    const [waiting] = (await arjun.duplicates.list({})).items;
    await arjun.duplicates.decide({ id: waiting?.id ?? 0, decision: 'same' });
    const [lead] = await asSystem((tx) =>
      tx.execute<{ status: string }>(sql`
        select l.status from leads l join duplicate_reviews r on r.lead_id = l.id where r.id = ${waiting?.id ?? 0}`)
    );
    expect(lead?.status).toBe('converted');
  });

  it('fills in what its kinds of request ask for', async () => {
    const rows = await asSystem((tx) =>
      tx.execute<{ fields: FilledField[] }>(sql`select fields from service_requests`)
    );
    const given = rows.flatMap(({ fields }) => fields);
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((field) => fieldProblem(field, field.value ?? '') !== null)).toEqual([]);
  });

  it('has views that find something, some of them for the whole team', async () => {
    const kavya = await as('Kavya Nair');
    const { items } = await kavya.views.list({ filter: { module: 'leads' } });
    expect(items.map(({ name, team }) => [name, team !== null]).sort()).toEqual([
      ['Above 10 lakh', true],
      ['Follow up this week', false]
    ]);
    const large = await kavya.leads.list({
      filter: { status: ['wip'], valueFrom: '1000000' },
      sort: { by: 'value', direction: 'desc' }
    });
    expect(large.items.length).toBeGreaterThan(0);
  });
});
