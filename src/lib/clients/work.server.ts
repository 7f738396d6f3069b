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
  status: 'active' | 'closed';
  serialNumbers: string[];
  leadId: number | null;
}

interface WorkRow extends Record<string, unknown> {
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
}

/** A query or request under way. */
export interface OpenWork {
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
}

const MOST = 100;

/** A client's holdings, active and newest first. */
export async function holdingsOfClient(tx: Tx, clientId: number): Promise<HeldProduct[]> {
  const rows = await tx.execute<HeldProduct>(sql`
    select h.id, h.kind, h.product_id as "productId", h.product_name as "productName", h.folio, h.mode,
      h.amount::text as amount, h.currency, h.units::text as units, h.started_on::text as "startedOn", h.status,
      h.serial_numbers as "serialNumbers", h.lead_id as "leadId"
    from holdings h where h.client_id = ${clientId}
    order by h.status, h.started_on desc nulls last, h.id desc limit ${MOST}`);
  return [...rows];
}

export async function openQueriesOfClient(tx: Tx, clientId: number): Promise<OpenWork[]> {
  const rows = await tx.execute<WorkRow>(sql`
    select q.id, q.number, q.subject as title, q.status, q.priority, q.waiting_on as "waitingOn",
      q.due_at as "dueAt", q.opened_at as "openedAt", q.rm_id as "ownerId", u.name as "ownerName", t.name as "teamName"
    from queries q left join users u on u.id = q.rm_id left join teams t on t.id = q.team_id
    where q.client_id = ${clientId} and q.status in ('open', 'in_progress')
    order by q.due_at nulls last, q.id limit ${MOST}`);
  return rows.map(openWork);
}

export async function openRequestsOfClient(tx: Tx, clientId: number): Promise<OpenWork[]> {
  const rows = await tx.execute<WorkRow>(sql`
    select r.id, r.number, k.name as title, r.status, r.priority, r.waiting_on as "waitingOn",
      r.due_at as "dueAt", r.created_at as "openedAt", r.assignee_id as "ownerId", u.name as "ownerName", t.name as "teamName"
    from service_requests r join request_types k on k.id = r.type_id
    left join users u on u.id = r.assignee_id left join teams t on t.id = r.team_id
    where r.client_id = ${clientId} and r.status in ('pending', 'in_progress')
    order by r.due_at nulls last, r.id limit ${MOST}`);
  return rows.map(openWork);
}

function openWork({ ownerId, ownerName, teamName, dueAt, openedAt, ...rest }: WorkRow): OpenWork {
  return {
    ...rest,
    dueAt: dueAt === null ? null : new Date(dueAt),
    openedAt: new Date(openedAt),
    owner: ownerId === null || ownerName === null ? null : { id: ownerId, name: ownerName },
    team: teamName
  };
}
