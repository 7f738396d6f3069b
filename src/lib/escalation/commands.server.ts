import { sql } from 'drizzle-orm';
import { wakeAt } from '#lib/clocks/jobs.server.ts';
import type { SubjectKind } from '#lib/clocks/model.ts';
import { pageOf } from '#lib/notifications/model.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { layoutMail } from '#lib/platform/mail/layout.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { messageFor, summaryFor, writesIn, type Message } from './messages.ts';
import { takeUntold, type PersonToTell } from './telling.server.ts';

/** More than so many at once for one person come as one message. */
const SINGLY = 5;

/**
 * Carries out the steps that are due on at most `limit` clocks, the longest overdue first, as system. Clocks that
 * another sweep is working on are left to it. A step is carried out once, whatever crashes: the row in `escalations`
 * is the step, and whoever commits it has done it. People are told afterwards, see `tellEscalations`.
 * Returns how many clocks were looked at; 0 means that there is nothing left to do here.
 */
export async function carryOutDue(tx: Tx, limit: number): Promise<number> {
  // Locked before it is read: another sweep or a pause may have just committed.
  const due = await tx.execute<{ id: number }>(sql`
    select id from clocks where next_action_at <= now()
    order by next_action_at limit ${limit} for update skip locked`);
  if (due.length === 0) return 0;
  const ids = JSON.stringify([...due].map(({ id }) => id));
  await tx.execute(sql`
    with due as materialized (
      select value::bigint as id from jsonb_array_elements_text(${ids}::text::jsonb)),
    carried as (
      insert into escalations (clock_id, step_key, kind, action_at)
      select s.clock_id, s.step_key, s.kind, s.action_at
      from due d join clock_steps s on s.clock_id = d.id
      where s.action_at <= now()
      order by s.action_at, s.clock_id, s.position
      on conflict (clock_id, step_key) do nothing),
    ahead as (
      select s.clock_id, min(s.action_at) as at
      from due d join clock_steps s on s.clock_id = d.id
      where s.action_at > now()
      group by s.clock_id)
    update clocks k
    set breached_at = case when k.due_at <= now() then coalesce(k.breached_at, k.due_at) end,
        next_action_at = least(a.at, case when k.due_at > now() then k.due_at end),
        updated_at = now()
    from due d left join ahead a on a.clock_id = d.id
    where k.id = d.id`);
  return due.length;
}

/** Is anything due that nobody has committed yet, here or in another sweep? */
export async function isAnythingDue(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ due: boolean }>(
    sql`select exists (select 1 from clocks where next_action_at <= now()) as due`
  );
  return row?.due ?? false;
}

/** Asks to be woken for the next step where that is sooner than the minute tick. */
export async function wakeForNext(tx: Tx): Promise<void> {
  const [row] = await tx.execute<{ at: string | null; now: string }>(
    sql`select min(next_action_at) as at, now() as now from clocks where next_action_at > now()`
  );
  if (row?.at) await wakeAt(tx, new Date(row.at), new Date(row.now));
}

/**
 * Tells people of the escalations that were carried out and not told yet, in the app and by mail: each one singly, or
 * all of them in one message to whoever has many. Who is told is worked out now. `publicUrl` is where links lead.
 * Returns how many people were told.
 */
export async function tellEscalations(tx: Tx, publicUrl: string): Promise<number> {
  const people = await takeUntold(tx);
  const posts = people.flatMap(postsFor);
  for (let at = 0; at < posts.length; at += 1000) {
    const rows = posts.slice(at, at + 1000).map(({ person, key, message, subjectKind, subjectId }) => {
      return { userId: person.userId, key, kind: 'escalation', subjectKind, subjectId, ...message };
    });
    await tx.insert(notifications).values(rows).onConflictDoNothing();
  }
  for (const post of posts) {
    if (post.person.wantsMail && post.person.email !== null)
      await mail(tx, post, post.person.email, publicUrl);
  }
  return people.length;
}

interface Post {
  person: PersonToTell;
  key: string;
  message: Message;
  subjectKind: SubjectKind;
  subjectId: number | null;
}

async function mail(tx: Tx, post: Post, to: string, publicUrl: string): Promise<void> {
  const { key, message, person, subjectKind, subjectId } = post;
  const url = new URL(pageOf({ id: 0, subjectKind, subjectId }) ?? '/notifications', publicUrl).href;
  const [first = '', ...rows] = message.body.split('\n');
  const content = layoutMail({
    title: message.title,
    ...(rows.length > 0
      ? { sections: [{ rows: [first, ...rows].map((text) => ({ text })) }] }
      : { paragraphs: [first] }),
    link: { label: 'Open in Rapport', url },
    footer: message.reason
  });
  const about = { key: `${key}:${person.userId}`, userId: person.userId, kind: 'escalation' };
  await queueMail(tx, { ...about, to, subject: message.title, ...content });
}

function postsFor(person: PersonToTell): Post[] {
  const write = writesIn(person.timeZone, person.locale);
  const { items, total, firstId, lastId } = person;
  if (total <= SINGLY) {
    return items.map((item) => ({
      person,
      key: `escalation:${item.escalationId}`,
      message: messageFor(item, write),
      subjectKind: item.subjectKind,
      subjectId: item.subjectId
    }));
  }
  const subjectKind = items.some((item) => item.subjectKind === 'request') ? 'request' : 'query';
  const message = summaryFor(items, total, write);
  return [{ person, key: `escalations:${firstId}-${lastId}`, message, subjectKind, subjectId: null }];
}
