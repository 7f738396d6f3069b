import { eq, sql } from 'drizzle-orm';
import { userProfiles } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { layoutMail } from '#lib/platform/mail/layout.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { digestLetter } from './letter.ts';
import { digestContent, isWorthSending, type DigestContent } from './reads.server.ts';
import { digests } from './schema.server.ts';

/** The firm's day: its date and the instants it begins and ends at. */
export interface Day {
  date: string;
  from: Date;
  to: Date;
}

/**
 * The heads whose digest of this date is still to be written, as system: at their hour on a working day of the
 * firm's calendar, or everybody where somebody asked for it.
 */
export async function headsToTell(tx: Tx, date: string, everybody: boolean): Promise<number[]> {
  const itIsTime = sql`p.digest_at <= (now() at time zone f.time_zone)::time
    and exists (select 1 from calendar_windows w where w.weekday = extract(isodow from ${date}::date))
    and not exists (select 1 from calendar_holidays h where h.on_date = ${date}::date)`;
  const rows = await tx.execute<{ id: number }>(sql`
    select u.id::int as id
    from users u
    join roles r on r.id = u.role_id and r.level = 1
    join user_profiles p on p.user_id = u.id
    cross join firm_settings f
    where u.active and exists (select 1 from teams t where t.head_id = u.id)
      and not exists (select 1 from digests d where d.user_id = u.id and d.on_date = ${date}::date)
      and ${everybody ? sql`true` : itIsTime}
    order by u.id`);
  return rows.map(({ id }) => id);
}

/**
 * Writes a head's digest under his own identity and puts it into the outbox; nothing to say is recorded as skipped.
 * Once per head and date, however often it is called. Returns whether a mail was queued.
 */
export async function writeDigest(tx: Tx, head: Actor, day: Day, baseUrl: string): Promise<boolean> {
  const content = await digestContent(tx, head, day);
  const worthIt = isWorthSending(content);
  const added = await tx
    .insert(digests)
    .values({
      userId: head.userId,
      onDate: day.date,
      state: worthIt ? 'queued' : 'skipped',
      counts: countsOf(content)
    })
    .onConflictDoNothing()
    .returning({ id: digests.id });
  if (added.length === 0 || !worthIt) return false;
  await mailDigest(tx, head, day, content, baseUrl);
  return true;
}

function countsOf({ overdue, dueToday, escalated, pipeline, reviewsDue, neverOrLongAgo }: DigestContent) {
  return {
    overdue: overdue.total,
    dueToday: dueToday.total,
    escalated: escalated.total,
    ...pipeline,
    reviewsDue,
    neverOrLongAgo
  };
}

async function mailDigest(
  tx: Tx,
  head: Actor,
  day: Day,
  content: DigestContent,
  baseUrl: string
): Promise<void> {
  const firm = await firmOf(tx);
  const [profile] = await tx
    .select({ email: userProfiles.email, timeZone: userProfiles.timeZone })
    .from(userProfiles)
    .where(eq(userProfiles.userId, head.userId));
  if (!profile) throw new Error('The head has no profile');
  const letter = digestLetter(content, {
    name: head.name,
    firm: firm.name,
    clientWord: firm.clientWord,
    date: day.date,
    locale: firm.locale,
    timeZone: profile.timeZone ?? firm.timeZone,
    baseUrl
  });
  await queueMail(tx, {
    key: `digest:${day.date}:${head.userId}`,
    userId: head.userId,
    to: profile.email,
    subject: `${letter.title} · ${content.overdue.total} overdue`,
    kind: 'digest',
    ...layoutMail(letter)
  });
}
