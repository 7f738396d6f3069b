import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clients } from '#lib/clients/schema.server.ts';
import { taxIdColumns } from '#lib/clients/tax-id.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import type { SearchKind } from '#lib/search/model.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';

const TABLES: Record<Exclude<SearchKind, 'product'>, string> = {
  client: 'clients',
  lead: 'leads',
  query: 'queries',
  request: 'service_requests'
};

interface Named {
  kind: keyof typeof TABLES;
  id: number;
  /** What names this record and no other. */
  terms: string[];
}

const SURNAMES = ['Zimmermann', 'Quattrocchi', 'Featherstonehaugh', 'Bhattacharjee', 'Wijesinghe', 'Okonkwo'];
const PANS = ['ABCPZ1234A', 'ABCPQ1234B', 'ABCPF1234C', 'ABCPB1234D', 'ABCPW1234E', 'ABCPO1234F'];

let database: TestDatabase;
let firm: TestFirm;
const records: Named[] = [];

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const owners = [firm.rm, firm.rm2, firm.otherRm, firm.rmHead, firm.otherRm, firm.admin];
  for (const [index, owner] of owners.entries()) await mintBook(owner.userId, index);
  const numbers = await asSystem(async (tx) => {
    const rows: { kind: keyof typeof TABLES; id: number; number: string }[] = [];
    for (const [kind, table] of Object.entries(TABLES) as [keyof typeof TABLES, string][])
      for (const row of await tx.execute<{ id: number; number: string }>(
        sql`select id, number from ${sql.raw(table)}`
      ))
        rows.push({ kind, ...row });
    return rows;
  });
  for (const { kind, id, number } of numbers)
    records.find((record) => record.kind === kind && record.id === id)?.terms.push(number);
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** A client with all that may name it, a lead, a query, and a request that waits or is somebody's. */
async function mintBook(rmId: number, index: number): Promise<void> {
  const surname = SURNAMES[index] ?? '';
  const email = `write.${surname.toLowerCase()}@clients.test`;
  const phone = `+9198450000${index}0`;
  const accountId = `ACC-77-${index}`;
  const pan = PANS[index] ?? '';
  const clientId = await mintClient({ name: `Vidya ${surname}`, primaryRmId: rmId, accountId, email, phone });
  await asSystem(async (tx) => {
    const [row] = await tx
      .select({ panRef: clients.panRef })
      .from(clients)
      .where(sql`id = ${clientId}`);
    const taxId = { pan, panHolder: 'self', guardianName: null, panExemptReason: null };
    const columns = taxIdColumns(
      { ...taxId, kind: 'individual', type: 'individual', name: surname } as never,
      row?.panRef ?? ''
    );
    await tx
      .update(clients)
      .set(columns)
      .where(sql`id = ${clientId}`);
  });
  const reached = [surname, `${surname} vidya`, email, phone.slice(3), accountId, pan];
  records.push({ kind: 'client', id: clientId, terms: reached });
  const leadId = await mintLead({
    name: `Lead Of${surname}`,
    conversionRmId: rmId,
    email: `lead${index}@x.test`
  });
  records.push({ kind: 'lead', id: leadId, terms: [`of${surname}`, `lead${index}@x.test`] });
  const queryId = await mintQuery({ clientId, rmId, subject: `Why${surname}` });
  records.push({ kind: 'query', id: queryId, terms: [`why${surname}`] });
  const ops = [firm.ops, firm.otherOps][index % 2];
  const requestId = await mintRequest({
    clientId,
    assigneeId: index % 3 === 0 ? null : (ops?.userId ?? null),
    teamId: index % 2 ? firm.teams.otherOps : firm.teams.ops
  });
  records.push({ kind: 'request', id: requestId, terms: [] });
}

const people = (): [string, Actor][] =>
  (
    ['rm', 'rm2', 'otherRm', 'ops', 'ops2', 'otherOps', 'rmHead', 'otherHead', 'opsHead', 'admin'] as const
  ).map((name) => [name, firm[name]]);

async function visibleIds(actor: Actor, kind: keyof typeof TABLES): Promise<Set<number>> {
  const rows = await asActor(actor, (tx) =>
    tx.execute<{ id: number }>(sql`select id from ${sql.raw(TABLES[kind])}`)
  );
  return new Set(rows.map(({ id }) => id));
}

const mayView: Record<keyof typeof TABLES, keyof Actor['grants']> = {
  client: 'clients.view',
  lead: 'leads.view',
  query: 'queries.view',
  request: 'requests.view'
};

async function hitsOf(actor: Actor, q: string, kind: SearchKind): Promise<number[]> {
  const { groups } = await callerFor(actor).search.everything({ q, limit: 20 });
  return groups.find((group) => group.kind === kind)?.hits.map(({ id }) => id) ?? [];
}

describe('the search over everything', () => {
  it('finds each record by all that names it, for those who see it and for nobody else', async () => {
    let tried = 0;
    for (const [name, actor] of people())
      for (const { kind, id, terms } of records) {
        const sees = actor.grants[mayView[kind]] !== undefined && (await visibleIds(actor, kind)).has(id);
        for (const term of terms) {
          expect((await hitsOf(actor, term, kind)).includes(id), `${name} ${kind} ${term}`).toBe(sees);
          tried++;
        }
      }
    expect(tried).toBeGreaterThan(500);
  });

  it('shows nobody a row that he does not see, whatever he types', async () => {
    const terms = [
      'v',
      'vi',
      'vid',
      'vidya',
      'vidaya',
      'lead of',
      'zimmerman',
      'clients.test',
      '98450',
      'a',
      'why'
    ];
    for (const [name, actor] of people())
      for (const q of terms) {
        const { groups } = await callerFor(actor).search.everything({ q, limit: 20 });
        for (const { kind, hits } of groups) {
          if (kind === 'product') continue;
          const visible = await visibleIds(actor, kind);
          expect(
            hits.filter(({ id }) => !visible.has(id)),
            `${name} ${kind} ${q}`
          ).toEqual([]);
          expect(actor.grants[mayView[kind]], `${name} ${kind}`).toBeDefined();
        }
      }
  });

  it('answers somebody who sees nothing of it as if there were nothing', async () => {
    const answer = (q: string) => callerFor(firm.rm).search.everything({ q });
    expect(await answer('quattrocchi')).toEqual(await answer('no such name'));
    expect(await answer(PANS[2] ?? '')).toEqual({ groups: [] });
  });

  it('puts slips of the finger right by words of anybody’s names and finds one’s own only', async () => {
    expect(await hitsOf(firm.admin, 'zimemrmann', 'client')).toHaveLength(1);
    expect(await hitsOf(firm.rm, 'zimemrmann', 'client')).toHaveLength(1);
    expect(await hitsOf(firm.rm2, 'zimemrmann', 'client')).toHaveLength(0);
    expect(await hitsOf(firm.admin, 'okonwko vidya', 'client')).toHaveLength(1);
    expect(await hitsOf(firm.admin, 'offetherstonehaugh', 'lead')).toHaveLength(1);
  });

  it('puts a record that is named whole first', async () => {
    const request = records.find(({ kind }) => kind === 'request');
    const { groups } = await callerFor(firm.admin).search.everything({ q: request?.terms[0] ?? '' });
    expect(groups[0]).toMatchObject({ kind: 'request', hits: [{ id: request?.id }] });
  });
});
