import postgres, { type Notice, type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

const CLIENTS = 2_000;

let database: TestDatabase;
let firm: TestFirm;
let sql: Sql;
const plans: string[] = [];

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const onnotice = ({ message }: Notice) => void plans.push(message ?? '');
  // As superuser, who may load the extension that shows the plans inside triggers.
  sql = postgres(database.superuserUrl, { max: 1, onnotice });
  const { rm, ops, teams, requestTypeId } = firm;
  await sql`
    insert into clients (kind, name, primary_rm_id, pan_exempt_reason)
    select 'individual', 'Client ' || n, ${rm.userId}, 'test' from generate_series(1, ${CLIENTS}) n`;
  await sql`
    insert into service_requests (client_id, type_id, assignee_id, team_id, status)
    select id, ${requestTypeId}, ${ops.userId}, ${teams.ops}, 'in_progress' from clients`;
  await sql`
    insert into queries (client_id, rm_id, team_id, subject)
    select id, ${rm.userId}, ${teams.rm}, 'When?' from clients`;
  await sql`
    insert into interactions (client_id, user_id, channel, direction, subject, occurred_at)
    select id, ${rm.userId}, 'call', 'outbound', 'First', now() - interval '2 days' from clients`;
});

afterAll(async () => {
  await sql.end();
  await closeDatabase();
  await database.drop();
});

/** What `client_access` must hold, worked out from nothing. */
const expected = () => sql`
  select principal, client_id from (
    select primary_rm_id as principal, id as client_id from clients
    union select secondary_rm_id, id from clients
    union select coalesce(assignee_id, -team_id), client_id from service_requests where status in ('pending', 'in_progress')
    union select coalesce(rm_id, -team_id), client_id from queries where status in ('open', 'in_progress')
  ) w where principal is not null order by 1, 2`;

const kept = () => sql`select principal, client_id from client_access order by 1, 2`;

/** The most rows that one join threw away while `work` ran, in statements of triggers too. */
async function mostThrownAway(work: () => Promise<unknown>): Promise<number> {
  plans.length = 0;
  await sql`set client_min_messages = log`;
  await work();
  await sql`set client_min_messages = warning`;
  const thrown = plans.flatMap((plan) => [...plan.matchAll(/Rows Removed by Join Filter: (\d+)/g)]);
  return Math.max(0, ...thrown.map(([, rows]) => Number(rows)));
}

async function explainEverything(): Promise<void> {
  await sql`load 'auto_explain'`;
  await sql`set auto_explain.log_min_duration = 0`;
  await sql`set auto_explain.log_nested_statements = on`;
  await sql`set auto_explain.log_analyze = on`;
  await sql`set auto_explain.log_timing = off`;
}

/** A session that has planned everything for one row, more often than it takes to keep a plan. */
async function changeOneByOne({ rm, rm2, ops, ops2 }: TestFirm): Promise<void> {
  for (let id = 1; id <= 8; id++) {
    const [rmId, opsId] = id % 2 ? [rm2.userId, ops2.userId] : [rm.userId, ops.userId];
    await sql`update clients set secondary_rm_id = ${rm2.userId} where id = ${id}`;
    await sql`update queries set rm_id = ${rmId} where client_id = ${id}`;
    await sql`update service_requests set assignee_id = ${opsId} where client_id = ${id}`;
    await sql`update interactions set subject = 'Again' where client_id = ${id}`;
  }
}

describe('many rows in one statement', () => {
  it('cost the same per row as one, whatever the session planned before', async () => {
    await changeOneByOne(firm);
    await explainEverything();
    const { rm2, ops2 } = firm;
    const writes = [
      () => sql`update clients set primary_rm_id = ${rm2.userId}`,
      () => sql`update queries set rm_id = ${rm2.userId}`,
      () => sql`update service_requests set assignee_id = ${ops2.userId}`,
      () => sql`update interactions set subject = 'Last'`
    ];
    for (const write of writes) {
      expect(await mostThrownAway(write)).toBeLessThan(10 * CLIENTS);
      expect(plans.length).toBeGreaterThan(0);
    }
  });

  it('leave exactly the access that the rows call for', async () => {
    expect(await kept()).toEqual(await expected());
    await sql`update queries set status = 'resolved', resolution = 'Done' where client_id % 3 = 0`;
    await sql`update service_requests set client_id = 1 where client_id % 5 = 0`;
    await sql`update clients set secondary_rm_id = null where id % 2 = 0`;
    await sql`delete from queries where client_id % 7 = 0`;
    expect(await kept()).toEqual(await expected());
  });

  it('leave the last contact of each client as its conversations say', async () => {
    await sql`update interactions set occurred_at = occurred_at + interval '1 day', client_id = case when client_id % 9 = 0 then 1 else client_id end`;
    await sql`delete from interactions where client_id % 4 = 0`;
    const wrong = await sql`
      select c.id from clients c left join lateral (
        select i.occurred_at, i.subject from interactions i where i.client_id = c.id and i.is_contact
        order by i.occurred_at desc, i.id desc limit 1) i on true
      where (c.last_contact_at, c.last_contact_summary) is distinct from (i.occurred_at, i.subject)`;
    expect(wrong).toHaveLength(0);
  });
});
