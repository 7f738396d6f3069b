import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asActor, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sql as statement } from 'drizzle-orm';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { lookInto, runImport, stateOf } from '../support/sales-sample/running.ts';
import { SALES_SAMPLE, spoiledSample, withRows } from '../support/sales-sample/sample.ts';

let database: TestDatabase;
let sql: ReturnType<typeof lookInto>;
let report: Awaited<ReturnType<typeof runImport>>;

beforeAll(async () => {
  database = await useTestDatabase();
  sql = lookInto(database);
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

const idOf = async (email: string) => {
  const [row] = await sql<
    { id: number }[]
  >`select user_id::int as id from user_profiles where email = ${email}`;
  return row?.id ?? 0;
};

describe('a sales set in an empty database', () => {
  it('is taken whole, with repeated rows left out', async () => {
    report = await runImport(SALES_SAMPLE);
    expect(report.tallies).toEqual({
      teams: { added: 3, unchanged: 0 },
      users: { added: 10, unchanged: 0 },
      products: { added: 3, unchanged: 0 },
      clients: { added: 7, unchanged: 0 },
      leads: { added: 18, unchanged: 0 },
      holdings: { added: 8, unchanged: 0 }
    });
    expect(report).toMatchObject({ repeated: 1, rejected: 0, rejectsFile: null });
  });

  it('makes a team of each manager with its region, headed by him', async () => {
    const teams = await sql`select t.name, t.function, t.region, p.email as head,
      (select count(*)::int from team_members m where m.team_id = t.id) as members
      from teams t join user_profiles p on p.user_id = t.head_id order by t.id`;
    expect(teams).toEqual([
      {
        name: "Ingrid Halvorsen's team",
        function: 'rm',
        region: 'North',
        head: 'ingrid.halvorsen@sales.example',
        members: 2
      },
      {
        name: "Tomas Okafor's team",
        function: 'rm',
        region: 'North',
        head: 'tomas.okafor@sales.example',
        members: 2
      },
      {
        name: "Priya Raman's team",
        function: 'rm',
        region: 'South',
        head: 'priya.raman@sales.example',
        members: 3
      }
    ]);
  });

  it('makes people who come in by invitation: no password, the role of their work', async () => {
    const people = await sql`select p.email, r.key as role, c.password_hash as hash, t.name as team
      from users u join user_profiles p on p.user_id = u.id join roles r on r.id = u.role_id
      join credentials c on c.user_id = u.id left join teams t on t.id = u.main_team_id
      where p.email in ('jose.quintero@sales.example', 'priya.raman@sales.example', 'bram.de.vries@sales.example', 'chief@sales.example')
      order by p.email`;
    expect(people).toEqual([
      { email: 'bram.de.vries@sales.example', role: 'rm_executive', hash: null, team: "Tomas Okafor's team" },
      { email: 'chief@sales.example', role: 'administrator', hash: null, team: null },
      {
        email: 'jose.quintero@sales.example',
        role: 'rm_executive',
        hash: null,
        team: "Ingrid Halvorsen's team"
      },
      { email: 'priya.raman@sales.example', role: 'head', hash: null, team: "Priya Raman's team" }
    ]);
  });

  it('gives each client to the agent with most wins; ties go to the value won, then to the name', async () => {
    const owners =
      await sql`select c.name, u.name as rm from clients c left join users u on u.id = c.primary_rm_id order by c.id`;
    expect(Object.fromEntries(owners.map(({ name, rm }) => [name, rm]))).toEqual({
      'Marlow, Finch & Co': 'José Quintero',
      'Quill "Q" Works': 'Ann-Lee Wong',
      Northbeam: 'Bram de Vries',
      'Öresund Foods': 'Kiku Sato',
      'tidewater labs': 'Kiku Sato',
      'Pine & Harrow': null,
      'Calder Mills': 'Bram de Vries'
    });
  });

  it('keeps what the account list says, spelled right', async () => {
    const [client] =
      await sql`select c.kind, c.type, c.pan_exempt_reason is not null as exempt, a.country, t.tag, n.body
      from clients c join client_addresses a on a.client_id = c.id join client_tags t on t.client_id = c.id
      join client_notes n on n.client_id = c.id where c.name = 'Quill "Q" Works'`;
    expect(client).toMatchObject({
      kind: 'organisation',
      type: 'company',
      exempt: true,
      country: 'Philippines',
      tag: 'technology'
    });
    expect(client?.body).toContain('Subsidiary of: Marlow, Finch & Co');
  });

  it('makes leads with status, value, reason and dates in the time zone of the firm', async () => {
    const leads =
      await sql`select external_ref as ref, name, organisation, status, denial_reason as reason, expected_value as value,
      to_char(created_at at time zone 'Asia/Kolkata', 'YYYY-MM-DD HH24:MI') as created,
      to_char(coalesce(converted_at, denied_at) at time zone 'Asia/Kolkata', 'YYYY-MM-DD HH24:MI') as closed,
      client_id is not null as linked
      from leads where external_ref in ('AA11', 'AA13', 'AA22', 'AA23') order by external_ref`;
    expect(leads).toMatchObject([
      {
        ref: 'AA11',
        name: 'Marlow, Finch & Co',
        status: 'converted',
        reason: null,
        value: '470.50',
        created: '2023-01-05 00:00',
        closed: '2023-03-01 00:00',
        linked: true
      },
      {
        ref: 'AA13',
        organisation: 'Quill "Q" Works',
        status: 'denied',
        reason: 'unspecified',
        closed: '2023-01-20 00:00',
        linked: false
      },
      {
        ref: 'AA22',
        name: 'AA22',
        organisation: null,
        status: 'wip',
        created: '2023-01-20 00:00',
        closed: null
      },
      { ref: 'AA23', name: 'AA23', status: 'new', closed: null }
    ]);
  });

  it('gives each converted lead its holding and client, and matches products by letters and digits', async () => {
    const [row] =
      await sql`select p.name as product, h.amount, h.started_on::text as started, c.name as client, u.name as maker
      from holdings h join leads l on l.id = h.lead_id and l.client_id = h.client_id join products p on p.id = h.product_id
      join clients c on c.id = h.client_id join users u on u.id = h.created_by_id where l.external_ref = 'AA10'`;
    expect(row).toEqual({
      product: 'Kettle One',
      amount: '118.00',
      started: '2023-02-14',
      client: 'Marlow, Finch & Co',
      maker: 'José Quintero'
    });
  });

  it('keeps the table of access and the audit trail', async () => {
    const [row] = await sql`select (select count(*)::int from client_access) as access,
      (select count(*)::int from audit_log where table_name = 'leads' and action = 'insert') as audited`;
    expect(row).toEqual({ access: 6, audited: 18 });
  });
});

describe('who sees what after an import', () => {
  const seenBy = async (userId: number) =>
    asActor({ userId, seesAll: false }, async (tx) => {
      const [row] = await tx.execute<{
        leads: string[];
        holdings: number;
        clients: string[];
      }>(statement`select
        array(select external_ref from leads order by 1) as leads,
        (select count(*)::int from holdings) as holdings,
        array(select name from clients order by 1) as clients`);
      return row;
    });

  it('shows a converting RM his lead and the holding he made, and not the client of another RM', async () => {
    expect(await seenBy(await idOf('lena.fischer@sales.example'))).toEqual({
      leads: ['AA16', 'AA24', 'AA25'],
      holdings: 1,
      clients: []
    });
  });

  it('shows the client with all its holdings to its own RM', async () => {
    expect(await seenBy(await idOf('bram.de.vries@sales.example'))).toMatchObject({
      holdings: 2,
      clients: ['Calder Mills', 'Northbeam']
    });
  });

  it("shows a head his team's work only", async () => {
    expect(await seenBy(await idOf('priya.raman@sales.example'))).toEqual({
      leads: ['AA17', 'AA18', 'AA19', 'AA20', 'AA21', 'AA22'],
      holdings: 3,
      clients: ['Öresund Foods', 'tidewater labs']
    });
  });
});

describe('a second run', () => {
  it('changes nothing and says so', async () => {
    const before = await stateOf(sql);
    const again = await runImport(SALES_SAMPLE);
    expect(Object.values(again.tallies).map(({ added }) => added)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(again.tallies.leads).toEqual({ added: 0, unchanged: 18 });
    expect(await stateOf(sql)).toEqual(before);
  });

  it('adds what is new and leaves what was changed here as it is', async () => {
    await sql`update clients set name = 'Northbeam AS' where name = 'Northbeam'`;
    const grown = spoiledSample({
      'sales_pipeline.csv': withRows('AA90,Una Byrne,KettleOne,Northbeam,Won,01-02-2023,02-02-2023,99')
    });
    const again = await runImport(grown);
    expect(again.tallies).toMatchObject({
      clients: { added: 0 },
      leads: { added: 1, unchanged: 18 },
      holdings: { added: 1 }
    });
    const [lead] =
      await sql`select c.name from leads l join clients c on c.id = l.client_id where l.external_ref = 'AA90'`;
    expect(lead).toEqual({ name: 'Northbeam AS' });
  });

  it('makes one-time links for those without a password when asked', async () => {
    const emails = (await runImport(SALES_SAMPLE, { inviteTo: 'https://crm.example' })).invited;
    expect(emails).toHaveLength(11);
    expect(emails[0]?.link).toMatch(/^https:\/\/crm\.example\/invite\/[\w-]{43}$/);
    const [row] = await sql`select count(*)::int as open from invitations where used_at is null`;
    expect(row).toEqual({ open: 11 });
  });
});
