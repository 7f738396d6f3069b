import { sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { layoutMail } from '#lib/platform/mail/layout.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { NOTIFICATION_KINDS, type NotificationKind } from './kinds.ts';
import { footerOf, mailableColumns, noteMailed, rowsOf, type Mailable } from './mailing.server.ts';
import { notificationSummaries } from './schema.server.ts';

/** More than so many of one kind are only counted. */
const SHOWN = 20;

/** True on a date on which some calendar of the firm has hours. */
const isWorked = (date: string) => sql`exists (
  select 1 from calendars c
  left join calendar_holidays h on h.calendar_id = c.id and h.on_date = ${date}::date
  where case when h.on_date is null
    then exists (select 1 from calendar_windows w where w.calendar_id = c.id
      and w.weekday = extract(isodow from ${date}::date))
    else jsonb_array_length(coalesce(h.windows, '[]'::jsonb)) > 0 end)`;

/**
 * The people whose daily summary of the firm date `date` (`YYYY-MM-DD`) is still to be written, as system: those who
 * want one of some kind, on a working day, from their own hour of the morning mail on. Asked for beside the timetable:
 * everybody who has none yet.
 */
export async function peopleToSum(tx: Tx, date: string, asked: boolean): Promise<number[]> {
  const itIsTime = sql`p.digest_at <= (now() at time zone f.time_zone)::time and ${isWorked(date)}`;
  const rows = await tx.execute<{ id: number }>(sql`
    select u.id::int as id
    from users u
    join user_profiles p on p.user_id = u.id
    cross join firm_settings f
    where u.active
      and (jsonb_path_exists(p.notification_choices, '$.* ? (@ == "daily")') or exists (
        select 1 from notifications n where n.user_id = u.id and n.delivery = 'daily' and n.mailed_at is null))
      and not exists (select 1 from notification_summaries s where s.user_id = u.id and s.on_date = ${date}::date)
      and ${asked ? sql`true` : itIsTime}
    order by u.id`);
  return rows.map(({ id }) => id);
}

/**
 * Sums up for a person, under his own identity, what he wanted in a daily summary and has not read since the last one.
 * Once per person and date, however often it is called; nothing to say is noted, not sent. Returns how many
 * notifications the mail has, or null where the summary of that date was written before.
 */
export async function writeSummary(
  tx: Tx,
  person: Actor,
  date: string,
  publicUrl: string
): Promise<number | null> {
  const rows = await tx.execute<Mailable & { read: boolean } & Record<string, unknown>>(sql`
    select ${mailableColumns}, n.read_at is not null as read
    from notifications n left join user_profiles p on p.user_id = n.user_id
    where n.user_id = ${person.userId} and n.delivery = 'daily' and n.mailed_at is null
    order by n.id for update of n`);
  const unread = rows.filter(({ read }) => !read);
  const added = await tx
    .insert(notificationSummaries)
    .values({ userId: person.userId, onDate: date, count: unread.length })
    .onConflictDoNothing()
    .returning({ count: notificationSummaries.count });
  if (added.length === 0) return null;
  if (rows.length > 0) await noteMailed(tx, rows);
  const email = unread[0]?.email;
  if (email) await mailSummary(tx, person, { to: email, date, unread, publicUrl });
  return unread.length;
}

const labelOf = (kind: string) =>
  kind in NOTIFICATION_KINDS ? NOTIFICATION_KINDS[kind as NotificationKind].label : 'Other';

interface Summary {
  to: string;
  date: string;
  unread: Mailable[];
  publicUrl: string;
}

async function mailSummary(tx: Tx, person: Actor, { to, date, unread, publicUrl }: Summary): Promise<void> {
  const title = `${unread.length} ${unread.length === 1 ? 'notification' : 'notifications'} you have not read`;
  const all = new URL('/notifications?show=unread', publicUrl).href;
  const sections = [...Map.groupBy(unread, ({ kind }) => kind)].map(([kind, theirs]) => ({
    heading: `${labelOf(kind)}: ${theirs.length}`,
    rows: rowsOf(theirs.slice(0, SHOWN), publicUrl),
    ...(theirs.length > SHOWN
      ? { more: [{ label: `and ${theirs.length - SHOWN} more`, url: `${all}&kind=${kind}` }] }
      : {})
  }));
  await queueMail(tx, {
    key: `notifications:${date}:${person.userId}`,
    userId: person.userId,
    to,
    subject: title,
    kind: 'notifications',
    ...layoutMail({
      title,
      sections,
      link: { label: 'Open all unread', url: all },
      footer: footerOf(publicUrl, 'You get this because you chose a daily summary.')
    })
  });
}
