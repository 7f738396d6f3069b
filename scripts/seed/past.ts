import { sql } from 'drizzle-orm';
import { resume, satisfyClock, startClocks, waitOn } from '#lib/clocks/commands.server.ts';
import type { Subject } from '#lib/clocks/model.ts';
import { queries, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { type DemoClient, daysAgo } from './book.ts';
import type { Chance } from './chance.ts';
import type { Colleague } from './people.ts';
import { QUESTIONS } from './words.ts';

interface Firm {
  ops: Colleague[];
  clients: DemoClient[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Some months of finished work, with what it waited for, kept in time and late: what reports look back on. */
export async function seedPast(tx: Tx, dice: Chance, firm: Firm): Promise<void> {
  const types = await tx.select().from(requestTypes);
  for (let n = 0; n < 45; n++) await pastRequest(tx, dice, firm, types);
  for (let n = 0; n < 35; n++) await pastQuery(tx, dice, firm);
  await tx.execute(sql`update leads set given_by_client_id = (
    select c.id from clients c where c.primary_rm_id = leads.conversion_rm_id order by (c.id * 31 + leads.id) % 17 limit 1)
    where id % 3 = 0 and conversion_rm_id is not null`);
  // What was agreed at a review came to be due before the next one was held, or after.
  await tx.execute(sql`update portfolio_reviews r set next_on = r.held_on + 20 + (r.interaction_id * 37 % 60)::int
    where exists (select 1 from interactions i join interactions l on l.client_id = i.client_id and l.occurred_at > i.occurred_at
      where i.id = r.interaction_id and l.purpose = 'portfolio_review')`);
  await keepReports(tx);
}

async function pastRequest(
  tx: Tx,
  dice: Chance,
  { ops, clients }: Firm,
  types: (typeof requestTypes.$inferSelect)[]
): Promise<void> {
  const client = dice.pick(clients);
  const type = dice.pick(types);
  const priority = dice.pick(['normal', 'normal', 'high'] as const);
  const createdAt = daysAgo(dice.whole(20, 150), dice.whole(4, 9));
  const days = type.defaultTatDays * dice.pick([0.3, 0.5, 0.7, 0.9, 1.6]) + dice.whole(0, 2);
  const finishedAt = new Date(Math.min(createdAt.getTime() + days * DAY + 2 * HOUR, Date.now() - DAY));
  const [row] = await tx
    .insert(serviceRequests)
    .values({
      clientId: client.id,
      typeId: type.id,
      details: `As asked by ${client.name}.`,
      priority,
      status: 'completed',
      assigneeId: dice.pick(ops).id,
      teamId: ops[0]?.teamId ?? null,
      checklist: type.checklist.map((label) => ({ label, done: true })),
      createdById: client.rm.id,
      createdAt,
      startedAt: createdAt,
      finishedAt,
      updatedAt: finishedAt,
      outcome: 'Done and confirmed to the client.'
    })
    .returning({ id: serviceRequests.id });
  if (!row) throw new Error('The request was not added');
  const subject: Subject = {
    kind: 'request',
    id: row.id,
    clientId: client.id,
    requestTypeId: type.id,
    priority,
    clientTier: client.tier
  };
  await startClocks(tx, subject, { at: createdAt });
  const part = (share: number) => ({
    at: new Date(createdAt.getTime() + (finishedAt.getTime() - createdAt.getTime()) * share)
  });
  await satisfyClock(tx, subject, 'first_response', part(0.1));
  if (dice.likely(0.5)) {
    await waitOn(tx, subject, 'client', 'Signed form not received yet', part(0.2));
    await resume(tx, subject, 'The signed form came', part(0.45));
  }
  if (dice.likely(0.5)) {
    await waitOn(tx, subject, 'third_party', 'Sent to the registrar', part(0.55));
    await resume(tx, subject, 'The registrar confirmed', part(0.85));
  }
  await satisfyClock(tx, subject, 'resolution', { at: finishedAt });
}

async function pastQuery(tx: Tx, dice: Chance, { clients }: Firm): Promise<void> {
  const client = dice.pick(clients);
  const priority = dice.pick(['normal', 'normal', 'high', 'low'] as const);
  const openedAt = daysAgo(dice.whole(12, 150), dice.whole(4, 10));
  const hours = dice.pick([3, 5, 20, 26, 50, 75]);
  const resolvedAt = new Date(openedAt.getTime() + hours * HOUR);
  const firstRespondedAt = new Date(openedAt.getTime() + Math.min(hours / 2, 3) * HOUR);
  const [row] = await tx
    .insert(queries)
    .values({
      clientId: client.id,
      rmId: client.rm.id,
      subject: dice.pick(QUESTIONS),
      priority,
      status: 'closed',
      openedAt,
      firstRespondedAt,
      startedAt: firstRespondedAt,
      resolvedAt,
      closedAt: new Date(resolvedAt.getTime() + 7 * DAY),
      resolution: 'Explained on the phone and confirmed by mail.',
      createdById: client.rm.id,
      updatedAt: resolvedAt
    })
    .returning({ id: queries.id });
  if (!row) throw new Error('The query was not added');
  const subject: Subject = {
    kind: 'query',
    id: row.id,
    clientId: client.id,
    priority,
    clientTier: client.tier
  };
  await startClocks(tx, subject, { at: openedAt });
  await satisfyClock(tx, subject, 'first_response', { at: firstRespondedAt });
  if (hours > 24) {
    const halfway = new Date(openedAt.getTime() + (hours / 2) * HOUR);
    await waitOn(tx, subject, 'client', 'Which folio is meant?', {
      at: new Date(halfway.getTime() - 4 * HOUR)
    });
    await resume(tx, subject, 'The client named it', { at: halfway });
  }
  await satisfyClock(tx, subject, 'resolution', { at: resolvedAt });
}

const REPORT_NIGHTS = 75;

/** The nightly reports of the last months, as leads went from new to where they are. */
async function keepReports(tx: Tx): Promise<void> {
  await tx.execute(sql`
    with nights as (
      select d::date as on_date, (d::date + 1)::timestamp at time zone f.time_zone as day_ends, f.time_zone
      from firm_settings f, generate_series((now() at time zone f.time_zone)::date - ${REPORT_NIGHTS}::int,
        (now() at time zone f.time_zone)::date - 1, interval '1 day') d
    ), then_ as (
      select n.on_date, l.*, u.main_team_id, (l.created_at at time zone n.time_zone)::date as created_on, stage.status as was,
        (stage.since at time zone n.time_zone)::date as since_on, n.on_date - (stage.since at time zone n.time_zone)::date as days
      from nights n join leads l on l.created_at < n.day_ends left join users u on u.id = l.conversion_rm_id
      cross join lateral (
        select case when l.status_changed_at < n.day_ends then l.status when l.status <> 'new' and worked.at < n.day_ends then 'wip'
            else 'new' end as status,
          case when l.status_changed_at < n.day_ends then l.status_changed_at when l.status <> 'new' and worked.at < n.day_ends
            then worked.at else l.created_at end as since
        from (select l.created_at + (l.status_changed_at - l.created_at) / 3 as at) worked
      ) stage
    )
    insert into pipeline_snapshots (on_date, team_id, rm_id, product_id, source, status, denial_reason, leads, value, created,
      moved, converted, denied, won_value, days_in_status, days_to_convert, up_to_week, up_to_month, up_to_quarter, longer)
    select on_date, coalesce(main_team_id, team_id), conversion_rm_id, product_id, mode, was,
      case when was = 'denied' then denial_reason end, count(*), coalesce(sum(expected_value), 0),
      count(*) filter (where created_on = on_date),
      count(*) filter (where since_on = on_date and was <> 'new'),
      count(*) filter (where since_on = on_date and was = 'converted'),
      count(*) filter (where since_on = on_date and was = 'denied'),
      coalesce(sum(expected_value) filter (where since_on = on_date and was = 'converted'), 0),
      sum(days), coalesce(sum(on_date - created_on) filter (where since_on = on_date and was = 'converted'), 0),
      count(*) filter (where days <= 7), count(*) filter (where days between 8 and 30),
      count(*) filter (where days between 31 and 90), count(*) filter (where days > 90)
    from then_ group by 1, 2, 3, 4, 5, 6, 7`);
}
