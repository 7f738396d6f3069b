import { and, eq, sql } from 'drizzle-orm';
import { writeDigest } from '#lib/digests/commands.server.ts';
import type { Day } from '#lib/digests/days.server.ts';
import type { DigestContent, SectionKey } from '#lib/digests/model.ts';
import { previewDigest } from '#lib/digests/reads.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { mintClient, mintRequest } from './records.ts';
import { firm } from './test-firm.ts';

export const BASE = 'https://rapport.test';
const HOUR = 3_600_000;
export const friday: Day = { date: '2026-11-20', timeZone: 'Asia/Kolkata' };
export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR);

/** A request in the queue of operations, for a client of the given RM; overdue since some hours unless told otherwise. */
export async function request(
  rm: Actor,
  { due = -30 * 24, teamId = firm.teams.ops, assigneeId = null as number | null } = {}
) {
  const clientId = await mintClient({ name: `Client of ${rm.name}`, primaryRmId: rm.userId });
  const id = await mintRequest({ clientId, teamId, assigneeId, dueAt: inHours(due) });
  return { id, number: `SR-${String(id).padStart(6, '0')}` };
}

/** A clock of which the ladder's first step was told, so and so many hours ago. */
export const escalate = (kind: 'request' | 'query', id: number, hoursAgo: number, step = 'breach') =>
  asSystem((tx) =>
    tx.execute(sql`
      with k as (
        insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at)
        select ${kind}, ${id}, 'resolution', (select min(id) from policy_versions), (select min(id) from calendars),
          now() - interval '9 days', now() - interval '2 days' returning id, policy_version_id)
      insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, carried_out_at)
      select k.id, 'x', k.policy_version_id, ${step}, now(), now() - make_interval(hours => ${hoursAgo}::int) from k`)
  );

/** A clock on a lead. */
export const promiseOn = (leadId: number, due: Date, target = 'first_call') =>
  asSystem((tx) =>
    tx.execute(sql`
      insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at)
      select 'lead', ${leadId}, ${target}, (select min(id) from policy_versions), (select min(id) from calendars),
        now() - interval '9 days', ${due.toISOString()}::timestamptz`)
  );

/** Writes somebody's digest of a day, with its mail; says whether there was anything to say. */
export const write = ({ userId, level }: Actor, day = friday) =>
  writeDigest({ userId, kind: level === 0 ? 'weekly' : 'morning' }, day, BASE);

/** What was written for somebody on a day, if anything was. */
export async function digestOf({ userId }: Actor, day = friday) {
  const [row] = await asSystem((tx) =>
    tx
      .select()
      .from(digests)
      .where(and(eq(digests.userId, userId), eq(digests.onDate, day.date), eq(digests.asked, false)))
  );
  return row;
}

/** The mail it went with. */
export async function mailTo(actor: Actor, day = friday) {
  const key = `digest:${(await digestOf(actor, day))?.id}`;
  const [mail] = await asSystem((tx) => tx.select().from(mailOutbox).where(eq(mailOutbox.key, key)));
  return mail;
}

/** What somebody's digest would say now. */
export const preview = async (actor: Actor) =>
  (await asActor(actor, (tx) => previewDigest(tx, actor), { readOnly: true })).content;

export const section = (content: DigestContent, key: SectionKey) =>
  content.sections.find((one) => one.key === key);
