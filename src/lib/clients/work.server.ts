import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

// Holdings, queries and requests stand above clients, so their tables are named here and not imported.

/** How many of each the actor sees of a client. */
export interface WorkCounts {
  interactions: number;
  notes: number;
  holdings: number;
  queries: number;
  requests: number;
  leads: number;
}

export interface HeldProduct extends Record<string, unknown> {
  id: number;
  kind: 'investment' | 'owned';
  productId: number | null;
  productName: string;
  folio: string | null;
  mode: 'lump_sum' | 'sip' | null;
  /** Money as text, exact. */
  amount: string | null;
  currency: string;
  units: string | null;
  /** `2026-11-21`. */
  startedOn: string | null;
  /** What a SIP pays in each month. */
  instalment: string | null;
  status: 'active' | 'redeemed' | 'closed';
  serialNumbers: string[];
  leadId: number | null;
  /** What its units are worth at the product's latest net asset value, of the day `navOn`. */
  value: string | null;
  valueCurrency: string | null;
  navOn: string | null;
}

interface WorkRow extends Record<string, unknown> {
  kind: 'query' | 'request';
  id: number;
  number: string;
  title: string;
  status: string;
  priority: string;
  waitingOn: 'client' | 'third_party' | null;
  dueAt: string | null;
  openedAt: string;
  ownerId: number | null;
  ownerName: string | null;
  teamName: string | null;
  clocks: {
    id: number;
    target: ClockTarget;
    state: 'running' | 'paused';
    dueAt: string | null;
    warnAt: string | null;
  }[];
}

type ClockTarget = 'first_response' | 'resolution';

/** A promise that runs on it; due at no time while it is paused. */
export interface OpenClock {
  id: number;
  target: ClockTarget;
  state: 'running' | 'paused';
  dueAt: Date | null;
  warnAt: Date | null;
}

/** A query or request under way. */
export interface OpenWork {
  kind: 'query' | 'request';
  id: number;
  number: string;
  /** The query's subject, or the name of the request's type. */
  title: string;
  status: string;
  priority: string;
  waitingOn: 'client' | 'third_party' | null;
  dueAt: Date | null;
  openedAt: Date;
  owner: { id: number; name: string } | null;
  team: string | null;
  clocks: OpenClock[];
}

const MOST = 100;

/** A client's holdings, active and newest first. */
export async function holdingsOfClient(tx: Tx, clientId: number): Promise<HeldProduct[]> {
  const rows = await tx.execute<HeldProduct>(sql`
    select h.id, h.kind, h.product_id as "productId", h.product_name as "productName", h.folio, h.mode,
      h.amount::text as amount, h.currency, h.units::text as units, h.started_on::text as "startedOn", h.status,
      h.serial_numbers as "serialNumbers", h.lead_id as "leadId", h.instalment::text as instalment,
      case when h.status = 'active' then round(h.units * p.nav, 2)::text end as value,
      p.currency as "valueCurrency", p.nav_on::text as "navOn"
    from holdings h left join products p on p.id = h.product_id
    where h.client_id = ${clientId}
    order by h.status <> 'active', h.started_on desc nulls last, h.id desc limit ${MOST}`);
  return [...rows];
}

/** Queries and requests under way, those due first on top. */
export async function openWorkOfClient(tx: Tx, clientId: number): Promise<OpenWork[]> {
  const rows = await tx.execute<WorkRow>(sql`
    select w.kind, w.id, w.number, w.title, w.status, w.priority, w.waiting_on as "waitingOn", w.due_at as "dueAt",
      w.opened_at as "openedAt", w.owner as "ownerId", u.name as "ownerName", t.name as "teamName",
      (select coalesce(json_agg(json_build_object('id', k.id, 'target', k.target, 'state', k.state, 'dueAt', k.due_at,
          'warnAt', k.warn_at) order by k.due_at nulls last), '[]')
        from clocks k
        where k.subject_kind = w.kind and k.subject_id = w.id and k.state in ('running', 'paused')) as clocks
    from (
      (select 'query' as kind, q.id, q.number, q.subject as title, q.status, q.priority, q.waiting_on, q.due_at,
        q.opened_at, q.rm_id as owner, q.team_id from queries q
      where q.client_id = ${clientId} and q.status in ('open', 'in_progress') order by q.due_at nulls last limit ${MOST})
      union all
      (select 'request', r.id, r.number, k.name, r.status, r.priority, r.waiting_on, r.due_at, r.created_at,
        r.assignee_id, r.team_id from service_requests r join request_types k on k.id = r.type_id
      where r.client_id = ${clientId} and r.status in ('pending', 'in_progress') order by r.due_at nulls last limit ${MOST})
    ) w left join users u on u.id = w.owner left join teams t on t.id = w.team_id
    order by w.due_at nulls last, w.id`);
  return rows.map(openWork);
}

const moment = (text: string | null) => (text === null ? null : new Date(text));

function openWork({ ownerId, ownerName, teamName, dueAt, openedAt, clocks, ...rest }: WorkRow): OpenWork {
  return {
    ...rest,
    dueAt: moment(dueAt),
    openedAt: new Date(openedAt),
    clocks: clocks.map((clock) => ({
      ...clock,
      dueAt: moment(clock.dueAt),
      warnAt: moment(clock.warnAt)
    })),
    owner: ownerId === null || ownerName === null ? null : { id: ownerId, name: ownerName },
    team: teamName
  };
}
