import type { Sql } from 'postgres';
import { clientAddresses } from '#lib/clients/parts-schema.server.ts';
import { sendNow } from '#lib/digests/commands.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintDuplicate, mintInteraction, mintQuery } from '../../support/records.ts';
import { makeAlike } from './alike.ts';

/** Ids of records that the demo firm's Kavya Nair (RM), her head and, where he may, Imran Sheikh (operations) see. */
export interface Samples {
  lead: { fresh: number; wip: number; denied: number; converted: number };
  query: { wip: number; resolved: number };
  request: { wip: number; ready: number; completed: number };
  client: number;
  contactPoint: number;
  holding: number;
  interaction: number;
  review: number;
  product: number;
  duplicate: number;
  requestType: number;
  calendar: number;
  policy: number;
  team: number;
  role: number;
  colleague: number;
  /** Of the same name as the colleague. */
  namesake: number;
  audit: number;
  rm: number;
  address: number;
  otherClient: number;
  mail: number;
  handover: number;
  digest: number;
  notification: number;
}

async function mintQueries(clientId: number, rmId: number): Promise<Samples['query']> {
  const asked = { clientId, rmId, subject: 'Where is the statement?' };
  const resolved = { status: 'resolved' as const, resolvedAt: new Date(), resolution: 'Told on the phone.' };
  return {
    wip: await mintQuery({ ...asked, status: 'in_progress' }),
    resolved: await mintQuery({ ...asked, ...resolved })
  };
}

async function addressOf(clientId: number): Promise<number> {
  const values = { clientId, label: 'Office', lines: '12 Hill Road', city: 'Mumbai', country: 'India' };
  const [row] = await asSystem((tx) => tx.insert(clientAddresses).values(values).returning());
  return row?.id ?? 0;
}

/** What the RM's digest says now, kept and mailed as if he had asked for it. */
async function digestOf(userId: number): Promise<number> {
  const actor = await actorOf(userId);
  return (await asActor(actor, (tx) => sendNow(tx, actor, 'https://rapport.test'))).id;
}

/** One message about everything that runs for somebody's records. */
async function promisesFor(sql: Sql, userId: number): Promise<number> {
  const [row] = await sql.begin(async (tx) => {
    await tx`
      insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, told_user_ids, told_at)
      select k.id, 'sample', k.policy_version_id, 'breach', now(), array[${userId}::bigint], now()
      from clocks k join leads l on k.subject_kind = 'lead' and l.id = k.subject_id and l.conversion_rm_id = ${userId}
      limit 8`;
    return tx<{ id: number }[]>`
      insert into notifications (key, user_id, kind, subject_kind, title, body, reason)
      values ('sample:promises', ${userId}, 'escalation', 'promises', '8 promises need attention', 'A sample',
        'Many became due or overdue at once: this is one message for all of them.')
      returning id::int as id`;
  });
  return row?.id ?? 0;
}

/** Picks a record in each state from the demo data, so that every page has something to show. */
export async function pickSamples(sql: Sql): Promise<Samples> {
  const one = async (query: string): Promise<number> => {
    const [row] = await sql.unsafe<{ id: number }[]>(`${query} limit 1`);
    if (!row) throw new Error(`The demo data have none: ${query}`);
    return Number(row.id);
  };
  const user = (name: string) => one(`select id from users where name = '${name}'`);
  const [kavya, imran, rohan, sneha, vikram] = [
    await user('Kavya Nair'),
    await user('Imran Sheikh'),
    await user('Rohan Desai'),
    await user('Sneha Kulkarni'),
    await user('Vikram Shetty')
  ];
  const client = await one(
    `select c.id from clients c join service_requests r on r.client_id = c.id
     join holdings h on h.client_id = c.id
     where c.primary_rm_id = ${kavya} and r.status = 'in_progress' and r.waiting_on is null`
  );
  const lead = (status: string) =>
    one(`select id from leads where conversion_rm_id = ${kavya} and status = '${status}' order by id`);
  const request = (where: string) =>
    one(
      `select r.id from service_requests r join clients c on c.id = r.client_id where ${where} order by r.id`
    );
  const wip = await request(`r.client_id = ${client} and r.status = 'in_progress' and r.waiting_on is null`);
  const ready = await request(`r.status = 'in_progress' and r.waiting_on is null and r.id <> ${wip}`);
  await sql`update service_requests set assignee_id = ${imran} where id in ${sql([wip, ready])}`;
  const completed = await request(`r.status = 'completed'`);
  await sql`update service_requests set client_id = ${client} where id in ${sql([ready, completed])}`;
  await sql`update service_requests set checklist = (select coalesce(jsonb_agg(item || '{"done": true}'), '[]')
    from jsonb_array_elements(checklist) item) where id = ${ready}`;
  const product = await one('select id from products');
  const { audit } = await makeAlike(sql, { client, product, colleague: rohan, namesake: sneha });
  return {
    client,
    lead: {
      fresh: await lead('new'),
      wip: await lead('wip'),
      denied: await lead('denied'),
      converted: await lead('converted')
    },
    query: await mintQueries(client, kavya),
    request: { wip, ready, completed },
    contactPoint: await one(`select id from client_contact_points where client_id = ${client}`),
    holding: await one(`select id from holdings where client_id = ${client}`),
    interaction: await one(`select id from interactions where client_id = ${client} and purpose = 'general'`),
    review: await mintInteraction({ clientId: client, userId: kavya, purpose: 'portfolio_review' }),
    product,
    duplicate: await mintDuplicate({ clientId: client, askedById: vikram }),
    requestType: await one('select id from request_types'),
    calendar: await one('select id from calendars'),
    policy: await one('select id from policies'),
    team: await one(`select t.id from teams t where t.name = 'Mumbai relationships'`),
    role: await one(`select id from roles where key = 'rm_executive'`),
    colleague: rohan,
    namesake: sneha,
    rm: kavya,
    address: await addressOf(client),
    otherClient: await one(`select id from clients where id <> ${client} and primary_rm_id = ${kavya}`),
    mail: await one('select id from mail_outbox'),
    handover: await one('select id from handovers'),
    digest: await digestOf(kavya),
    notification: await promisesFor(sql, kavya),
    audit
  };
}
