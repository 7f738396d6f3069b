import postgres from 'postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { listRequests } from '#lib/desk/request-reads.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, mintUser, type TestFirm } from '../support/firm.ts';

const RMS = 100;
const OPS = 40;
const CLIENTS = 4_000;
const REQUESTS = 20_000;

let database: TestDatabase;
let firm: TestFirm;
let rm: Actor;
let ops: Actor;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const staff = await asSystem(async (tx) => {
    const rms: number[] = [];
    const desk: number[] = [];
    for (let n = 0; n < RMS; n++)
      rms.push(await mintUser(tx, { role: 'rm_executive', teamIds: [firm.teams.other] }));
    for (let n = 0; n < OPS; n++)
      desk.push(await mintUser(tx, { role: 'ops_executive', teamIds: [firm.teams.otherOps] }));
    return { rms, desk };
  });
  const superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  // The triggers are tested elsewhere; here they would only make the rows slow to add.
  await superuser.unsafe(`
    set session_replication_role = replica;
    insert into clients (kind, name, primary_rm_id, pan_exempt_reason)
      select 'individual', 'Client ' || n, (array[${staff.rms.join(',')}])[1 + n % ${RMS}], 'test' from generate_series(1, ${CLIENTS}) n;
    insert into service_requests (client_id, client_name, client_number, type_id, assignee_id, team_id, status, due_at)
      select c.id, c.name, c.number, ${firm.requestTypeId},
        case when n % 5 = 0 then null else (array[${staff.desk.join(',')}])[1 + n % ${OPS}] end,
        case when n % 4 = 0 then ${firm.teams.otherOps} else ${firm.teams.ops} end,
        case when n % 5 = 0 then 'pending' else 'in_progress' end, now() + (n % 1000) * interval '1 hour'
      from generate_series(1, ${REQUESTS}) n join clients c on c.id = 1 + (n * 7919) % ${CLIENTS};
    set session_replication_role = origin;
    insert into client_access (principal, client_id, sort_name)
      select distinct p, c.id, c.sort_name from clients c
      left join service_requests r on r.client_id = c.id
      cross join lateral unnest(array[c.primary_rm_id, coalesce(r.assignee_id, -r.team_id)]) p where p is not null;
    analyze;
  `);
  await superuser.end();
  rm = await actorOf(staff.rms[0] ?? 0);
  ops = await actorOf(staff.desk[0] ?? 0);
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

interface Touched extends Record<string, unknown> {
  seq_scan: number;
  idx_tup_fetch: number;
}

/** What a list reads of the requests, as Postgres counts it within one transaction. */
function readingOf(actor: Actor, input: Parameters<typeof listRequests>[2]) {
  return asActor(
    actor,
    async (tx) => {
      const page = await listRequests(tx, actor, input);
      const [touched] = await tx.execute<Touched>(
        sql`select seq_scan::int, idx_tup_fetch::int from pg_stat_xact_user_tables where relname = 'service_requests'`
      );
      return { page, touched };
    },
    { readOnly: true }
  );
}

describe('many open requests', () => {
  it('are not walked through for an executive, who reaches his own through indexes', async () => {
    const { page, touched } = await readingOf(rm, {});
    expect(page).toMatchObject({ total: REQUESTS / RMS, totalIsEstimate: false });
    expect(touched?.seq_scan).toBe(0);
    expect(touched?.idx_tup_fetch).toBeLessThan(1000);
  });

  it.each(['due', 'created', 'priority', 'client', 'status'] as const)(
    'are read in the order of an index by those who see most, by %s',
    async (by) => {
      for (const actor of [ops, firm.otherHead, firm.admin]) {
        const { page, touched } = await readingOf(actor, { sort: { by } });
        expect(page.totalIsEstimate).toBe(true);
        expect(page.total).toBeGreaterThan(1000);
        expect(page.items).toHaveLength(50);
        // The planner estimates a total of its own; counting stops at a thousand.
        expect(touched?.idx_tup_fetch).toBeLessThan(5000);
      }
    }
  );

  it('are served with a handful of statements, whatever the page holds', async () => {
    const texts: string[] = [];
    await observeStatements(
      (text) => texts.push(text),
      () => callerFor(rm).requests.list({ limit: 100 })
    );
    expect(texts.filter((text) => /^\(?select (?!set_config)/.test(text))).toHaveLength(2);
  });
});
