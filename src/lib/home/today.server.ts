import { sql, type SQL } from 'drizzle-orm';
import type { Attention } from '#lib/clients/attention.ts';
import { inAttention } from '#lib/clients/listing.server.ts';
import { ofHisPeople } from '#lib/desk/list-parts.server.ts';
import { queries, serviceRequests as requests } from '#lib/desk/schema.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import { duplicatesWaiting } from '#lib/duplicates/reads.server.ts';
import { among } from './among.server.ts';
import { midnight } from './midnight.server.ts';
import { plannedContacts } from './planned-contacts.server.ts';
import { systemHealth } from './system-health.server.ts';
import { leadsOfNobody, leadsToCall, leadsUnplanned, type LeadsToCall } from './to-call.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

export interface DueWork extends Record<string, unknown> {
  kind: 'query' | 'request';
  id: number;
  number: string;
  title: string;
  client: string;
  owner: string | null;
  priority: string;
  waitingOn: string | null;
  dueAt: Date | null;
}

export interface ReviewDue extends Record<string, unknown> {
  id: number;
  number: string;
  name: string;
  nextReviewOn: string;
  /** When its promise is due, for who may see it: on a holiday that is not that day. */
  dueAt: Date | null;
}

const SHOWN = 8;

type Work = Parameters<typeof ofHisPeople>[1];
const concerns = (actor: Actor, work: Work): SQL => ofHisPeople(actor, work) ?? sql`true`;

/** What concerns the actor's people, as the list behind it; of everything for administrators. */
const queriesFor = (actor: Actor): SQL =>
  actor.level === 0
    ? sql`true`
    : concerns(actor, { ownerId: queries.rmId, teamId: queries.teamId, clientId: queries.clientId });

/** An executive sees those of his clients, of his teams and his own, and all of them are his concern. */
const requestsFor = (actor: Actor): SQL =>
  actor.level !== 1
    ? sql`true`
    : concerns(actor, { ownerId: requests.assigneeId, teamId: requests.teamId, clientId: requests.clientId });

/** Open queries and requests that are due first. */
export async function dueFirst(tx: Tx, actor: Actor): Promise<DueWork[]> {
  const rows = await tx.execute<DueWork>(sql`
    select * from (
      (select 'query' as kind, ${queries.id}::int as id, ${queries.number} as number, ${queries.subject} as title,
          ${queries.clientName} as client, u.name as owner, ${queries.priority} as priority,
          ${queries.waitingOn} as "waitingOn", ${queries.dueAt} as "dueAt"
        from ${queries} left join users u on u.id = ${queries.rmId}
        where ${queries.status} in ('open', 'in_progress') and ${queries.dueAt} is not null and ${queriesFor(actor)}
        order by ${queries.dueAt} limit ${SHOWN})
      union all
      (select 'request', ${requests.id}::int, ${requests.number}, y.name, ${requests.clientName}, u.name,
          ${requests.priority}, ${requests.waitingOn}, ${requests.dueAt}
        from ${requests} join request_types y on y.id = ${requests.typeId}
        left join users u on u.id = ${requests.assigneeId}
        where ${requests.status} in ('pending', 'in_progress') and ${requests.dueAt} is not null
          and ${requestsFor(actor)}
        order by ${requests.dueAt} limit ${SHOWN})
    ) work order by "dueAt" limit ${SHOWN}`);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt && new Date(row.dueAt) }));
}

/** Portfolio reviews that are overdue or due within two weeks of the firm's today. */
export async function reviewsDue(tx: Tx, actor: Actor): Promise<ReviewDue[]> {
  const rows = await tx.execute<ReviewDue>(sql`
    select c.id::int as id, c.number, c.name, c.next_review_on::text as "nextReviewOn", k.due_at as "dueAt"
    from clients c
    left join clocks k on k.subject_kind = 'client' and k.subject_id = c.id and k.target = 'review'
      and k.state in ('running', 'paused') and ${may(actor, 'clocks.view')}
    where c.lifecycle = 'active'
      and c.next_review_on <= (select (now() at time zone f.time_zone)::date + 14 from firm_settings f)
      and ${among(actor, 'c.primary_rm_id')}
    order by c.next_review_on, c.id limit ${SHOWN}`);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt && new Date(row.dueAt) }));
}

/**
 * Leads of the actor's people, and those that wait for somebody in the teams he heads, by status, as the nightly report
 * has them. Values are in the firm's currency.
 */
export async function funnel(tx: Tx, actor: Actor) {
  const waiting = sql`(l.conversion_rm_id is null and ${among(actor, 'l.team_id', actor.headedTeamIds)})`;
  const rows = await tx.execute<{ status: string; leads: number; value: string }>(sql`
    select l.status, count(*)::int as leads,
      coalesce(sum(l.expected_value) filter (where l.currency = f.currency), 0)::text as value
    from leads l cross join firm_settings f
    where (${among(actor, 'l.conversion_rm_id')} or ${waiting}) group by l.status`);
  return [...rows];
}

/** Whether leads and clients come to the actor's people: not where all the teams there are of them are operations'. */
const looksAfter = ({ seesAll, headedTeamIds, visibleUserIds }: Actor): SQL =>
  seesAll
    ? sql`true`
    : sql`(select coalesce(bool_or(t.function = 'rm'), true) from teams t
        where t.id = any (${idArray(headedTeamIds)})
          or t.id in (select m.team_id from team_members m where m.user_id = any (${idArray(visibleUserIds)})))`;

/** How many clients of the actor's people wait how urgently to hear from us, and whether they look after any. */
export async function attentionCounts(tx: Tx, actor: Actor) {
  const [row] = await tx.execute<Record<Attention, number> & { looksAfter: boolean }>(sql`
    select ${looksAfter(actor)} as "looksAfter", count(*) filter (where ${inAttention.urgent})::int as urgent,
      count(*) filter (where ${inAttention.warning})::int as warning,
      count(*) filter (where ${inAttention.fine})::int as fine,
      count(*) filter (where ${inAttention.never})::int as never
    from clients c where c.lifecycle = 'active' and ${among(actor, 'c.primary_rm_id')}`);
  const { looksAfter: sells = true, ...counts } = row ?? { urgent: 0, warning: 0, fine: 0, never: 0 };
  return { sells, counts };
}

/** Promises past due, and due before the firm's day ends. */
export async function promiseCounts(tx: Tx, actor: Actor) {
  const rows = await tx.execute<{ kind: 'queries' | 'requests'; overdue: number; today: number }>(sql`
    select kind, count(*) filter (where due_at < now())::int as overdue,
      count(*) filter (where due_at >= now())::int as today
    from (
      select 'queries' as kind, ${queries.dueAt} as due_at from ${queries}
      where ${queries.status} in ('open', 'in_progress') and ${queriesFor(actor)} and ${queries.dueAt} < ${midnight(1)}
      union all
      select 'requests', ${requests.dueAt} from ${requests}
      where ${requests.status} in ('pending', 'in_progress') and ${requestsFor(actor)}
        and ${requests.dueAt} < ${midnight(1)}
    ) due group by kind`);
  const of = (kind: 'queries' | 'requests') =>
    rows.find((row) => row.kind === kind) ?? { overdue: 0, today: 0 };
  const [asked, ordered] = [of('queries'), of('requests')];
  return {
    overdue: { queries: asked.overdue, requests: ordered.overdue },
    today: { queries: asked.today, requests: ordered.today }
  };
}

interface Figures {
  toCall: LeadsToCall;
  attention: Record<Attention, number>;
  /** Leads and clients come to the reader's people. */
  sells: boolean;
  funnel: Awaited<ReturnType<typeof funnel>>;
}

async function figuresOf(tx: Tx, actor: Actor): Promise<Figures> {
  const [{ sells, counts: attention }, leads, toCall] = await Promise.all([
    attentionCounts(tx, actor),
    funnel(tx, actor),
    leadsToCall(tx, actor)
  ]);
  return { sells, attention, funnel: leads, toCall };
}

const KEPT_MS = 10_000;
let firm: { countedAt: number; figures: Figures } | null = null;

/** Over the whole firm they are dear to count and the same for everybody who sees all of it, so a few seconds' old ones do. */
async function figuresFor(tx: Tx, actor: Actor): Promise<Figures> {
  if (!actor.seesAll) return figuresOf(tx, actor);
  if (firm && Date.now() - firm.countedAt < KEPT_MS) return firm.figures;
  const figures = await figuresOf(tx, actor);
  firm = { countedAt: Date.now(), figures };
  return figures;
}

/** What this person should look at first today. */
export async function today(tx: Tx, actor: Actor) {
  const [promises, work, nobody, unplanned, duplicates, contacts, reviews, figures, system] =
    await Promise.all([
      promiseCounts(tx, actor),
      dueFirst(tx, actor),
      leadsOfNobody(tx, actor),
      leadsUnplanned(tx, actor),
      duplicatesWaiting(tx, actor),
      plannedContacts(tx, actor),
      reviewsDue(tx, actor),
      figuresFor(tx, actor),
      actor.level === 0 ? systemHealth(tx) : null
    ]);
  const waiting = { work, nobody, unplanned, duplicates, contacts, reviews };
  return {
    level: actor.level,
    heads: actor.headedTeamIds.length > 0,
    promises,
    ...waiting,
    ...figures,
    system
  };
}
