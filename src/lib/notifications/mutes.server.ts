import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { pageOf, type aboutInput, type Mutable } from './model.ts';
import { notificationMutes } from './schema.server.ts';

type About = z.output<typeof aboutInput>;

const TABLES: Record<Mutable, string> = {
  lead: 'leads',
  client: 'clients',
  query: 'queries',
  request: 'service_requests'
};

/** The person hears less of a record that he sees: only what is meant for him by name, and broken promises in the app. */
export async function mute(tx: Tx, userId: number, { kind, id }: About): Promise<void> {
  const [seen] = await tx.execute(sql`select 1 from ${sql.identifier(TABLES[kind])} v where v.id = ${id}`);
  if (!seen) throw new NotFound();
  await tx
    .insert(notificationMutes)
    .values({ userId, subjectKind: kind, subjectId: id })
    .onConflictDoNothing();
}

/** Takes it back, also of what the person no longer sees. */
export async function unmute(tx: Tx, userId: number, { kind, id }: About): Promise<void> {
  await tx
    .delete(notificationMutes)
    .where(
      and(
        eq(notificationMutes.userId, userId),
        eq(notificationMutes.subjectKind, kind),
        eq(notificationMutes.subjectId, id)
      )
    );
}

interface Muted extends Record<string, unknown> {
  kind: Mutable;
  id: number;
  since: Date;
  /** Null where the person no longer sees it. */
  label: string | null;
}

const MOST = 500;

/** What the person muted, the latest first. */
export async function mutedBy(tx: Tx, userId: number) {
  const rows = await tx.execute<Muted>(sql`
    select m.subject_kind as kind, m.subject_id::int as id, m.created_at as since,
      case m.subject_kind
        when 'lead' then (select l.number || ' ' || l.name from leads l where l.id = m.subject_id)
        when 'client' then (select c.number || ' ' || c.name from clients c where c.id = m.subject_id)
        when 'query' then (select q.number || ' ' || q.subject from queries q where q.id = m.subject_id)
        else (select r.number || ' for ' || r.client_name from service_requests r where r.id = m.subject_id)
      end as label
    from notification_mutes m where m.user_id = ${userId}
    order by m.created_at desc, m.subject_id desc limit ${MOST}`);
  return rows.map(({ kind, id, since, label }) => ({
    ...{ kind, id, label },
    since: new Date(since),
    page: label === null ? null : pageOf({ id, subjectKind: kind, subjectId: id })
  }));
}
