import { sql } from 'drizzle-orm';
import { sendNow } from '#lib/digests/commands.server.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintTeam, mintUser, type TestFirm } from './firm.ts';
import {
  mintClient,
  mintDuplicate,
  mintHolding,
  mintInteraction,
  mintLead,
  mintQuery,
  mintRequest
} from './records.ts';

export interface PageRecords {
  client: number;
  other: number;
  lead: number;
  deniedLead: number;
  query: number;
  resolvedQuery: number;
  request: number;
  finishedRequest: number;
  interaction: number;
  review: number;
  holding: number;
  duplicate: number;
  handover: number;
  mail: number;
  change: number;
  type: number;
  /** The administrator's: everybody reads his own only. */
  digest: number;
  /** The administrator's, about many promises. */
  notification: number;
}

/** One record of each kind for the pages, the RM's; and one in each state that has steps of its own. */
export async function mintPageRecords(firm: TestFirm): Promise<PageRecords> {
  const rmId = firm.rm.userId;
  const clientId = await mintClient({ primaryRmId: rmId, email: 'asha@client.test', phone: '+919812345678' });
  const work = { clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId };
  const said = { clientId, userId: rmId };
  const query = await mintQuery({ clientId, rmId });
  return {
    client: clientId,
    other: await mintClient({ primaryRmId: rmId }),
    lead: await mintLead({ conversionRmId: rmId, status: 'wip' }),
    deniedLead: await mintLead({ conversionRmId: rmId, status: 'denied', denialReason: 'no_response' }),
    query,
    resolvedQuery: await mintQuery({ clientId, rmId, status: 'resolved', resolution: 'Explained' }),
    request: await mintRequest(work),
    finishedRequest: await mintRequest({ ...work, status: 'completed', outcome: 'Done' }),
    interaction: await mintInteraction({ ...said, queryId: query }),
    review: await mintInteraction({ ...said, purpose: 'portfolio_review' }),
    holding: await mintHolding({ clientId }),
    duplicate: await mintDuplicate({ clientId, askedById: firm.otherOps.userId }),
    handover: await mintHandover(firm),
    mail: await mintMail(),
    change: await newest('audit_log'),
    type: firm.requestTypeId,
    notification: await mintPromises(firm),
    digest: (await asActor(firm.admin, (tx) => sendNow(tx, firm.admin, 'https://rapport.test'))).id
  };
}

/** As many rows more in every list of the pages, and beside every record. */
export async function mintMore(firm: TestFirm, { client: clientId, query }: PageRecords, rows: number) {
  const rmId = firm.rm.userId;
  const product = { clientId, productId: firm.productId };
  for (let n = 0; n < rows; n++) {
    const own = await mintClient({ primaryRmId: rmId, secondaryRmId: firm.rm2.userId, name: `Asha ${n}` });
    await mintLead({ conversionRmId: rmId, obtainedById: firm.rm2.userId, productId: firm.productId });
    for (const id of [clientId, own]) {
      await mintQuery({ clientId: id, rmId });
      await mintRequest({ clientId: id, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
      await mintInteraction({ clientId: id, userId: rmId, queryId: query, productId: firm.productId });
    }
    await mintInteraction({ clientId, userId: rmId, purpose: 'portfolio_review' });
    await mintHolding(product);
    await mintDuplicate({ clientId: own, askedById: firm.otherOps.userId });
    await mintHandover(firm);
    await mintMail();
    await asSystem(async (tx) => {
      await mintUser(tx, { role: 'rm_executive', name: `Colleague ${n}`, teamIds: [firm.teams.rm] });
      await mintTeam(tx, { name: `Team ${own}`, function: 'rm', headId: firm.rmHead.userId });
      await tx.execute(sql`insert into notifications (key, user_id, kind, title, reason)
        values (${`test:${own}`}, ${rmId}, 'assigned', 'A client is yours', 'You were named')`);
    });
  }
}

const mintHandover = ({ rm, rm2, rmHead }: TestFirm) =>
  inserted(sql`insert into handovers (from_id, to_ids, by_id, parts, counts)
    values (${rm.userId}, array[${rm2.userId}::bigint], ${rmHead.userId}, '{clients}', '{"clients": 1}')`);

/** One message about a promise, told to the administrator. */
async function mintPromises({ admin }: TestFirm): Promise<number> {
  const clientId = await mintClient();
  return asSystem(async (tx) => {
    await tx.execute(sql`
      with clock as (
        insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at, due_at)
        select 'client', ${clientId}, ${clientId}, 'review', id, calendar_id, now(), now() from policy_versions limit 1
        returning id, policy_version_id)
      insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, told_user_ids, told_at)
      select id, 'breach', policy_version_id, 'breach', now(), array[${admin.userId}::bigint], now() from clock`);
    const [row] = await tx.execute<{ id: number }>(sql`
      insert into notifications (key, user_id, kind, subject_kind, title, reason)
      values ('test:promises', ${admin.userId}, 'escalation', 'promises', 'Promises need attention', 'You are an administrator')
      returning id::int as id`);
    return row?.id ?? 0;
  });
}

let mails = 0;

const mintMail = () =>
  inserted(sql`insert into mail_outbox (key, to_address, subject, text, html, kind, message_id)
    values (${`test:${++mails}`}, 'asha@client.test', 'Welcome', 'Welcome', 'Welcome', 'invitation', ${`<${mails}@test>`})`);

const newest = (table: string) => first(sql`select max(id) as id from ${sql.identifier(table)}`);
const inserted = (insert: ReturnType<typeof sql>) => first(sql`${insert} returning id`);

async function first(statement: ReturnType<typeof sql>): Promise<number> {
  const [row] = await asSystem((tx) => tx.execute<{ id: number }>(statement));
  if (!row) throw new Error('Nothing came back');
  return Number(row.id);
}
