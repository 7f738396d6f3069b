import { and, eq, sql } from 'drizzle-orm';
import { userProfiles } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import { layoutMail } from '#lib/platform/mail/layout.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import type { MailFile } from '#lib/platform/mail/states.ts';
import { pipelineCsv } from '#lib/reports/digest-parts.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { keptOn, later, type Day } from './days.server.ts';
import type { DueDigest } from './due.server.ts';
import { digestLetter } from './letter.ts';
import { sumOf, type DigestContent, type DigestKind } from './model.ts';
import { rowsOfHisPeople } from './pipeline.server.ts';
import { contentNow, dayNow, isWorthSending, kindsFor } from './reads.server.ts';
import { digests } from './schema.server.ts';
import { gistOf } from './words.ts';

/** As often as this somebody may have a digest sent beside the one of the day. */
const ASKED_A_DAY = 5;

const ONLY_FOR: Record<DigestKind, string> = {
  morning: 'Of administrators, only one who heads a team gets a digest of the morning',
  weekly: 'The digest of the week is for administrators'
};

/**
 * Writes one digest: reads under the person's identity what it says, keeps it and puts it into the outbox. Nothing to
 * say is recorded as skipped. Once per person, kind and date (for the week: its Monday), however often and by however many it is called.
 * Returns whether a mail was queued.
 */
export async function writeDigest({ userId, kind }: DueDigest, day: Day, baseUrl: string): Promise<boolean> {
  const actor = await actorOf(userId);
  const { content, file } = await asActor(
    actor,
    async (tx) => ({
      content: await contentNow(tx, actor, kind, day),
      file: await pipelineFile(tx, actor, kind, day)
    }),
    { readOnly: true }
  );
  return asSystem(async (tx) => {
    const id = await keepOnce(tx, actor, day, content);
    if (id === null || !isWorthSending(content)) return false;
    await mailDigest(tx, actor, { id, day, content, file }, baseUrl);
    reach('digest written');
    return true;
  });
}

const rowOf = (actor: Actor, day: Day, content: DigestContent) => ({
  userId: actor.userId,
  kind: content.kind,
  onDate: keptOn(content.kind, day.date),
  state: isWorthSending(content) ? ('queued' as const) : ('skipped' as const),
  counts: Object.fromEntries(content.sections.map((section) => [section.key, sumOf(section)])),
  content
});

/** Null where it was written before; one that failed is written over. */
async function keepOnce(tx: Tx, actor: Actor, day: Day, content: DigestContent): Promise<number | null> {
  const row = rowOf(actor, day, content);
  const [kept] = await tx
    .insert(digests)
    .values(row)
    .onConflictDoUpdate({
      target: [digests.userId, digests.kind, digests.onDate],
      targetWhere: sql`not asked`,
      set: {
        ...row,
        error: null,
        createdAt: sql`now()`,
        triedAt: sql`now()`,
        attempts: sql`${digests.attempts} + 1`
      },
      setWhere: eq(digests.state, 'failed')
    })
    .returning({ id: digests.id });
  return kept?.id ?? null;
}

/** Writes down that a digest could not be written; it is tried again, a few times. As system. */
export async function noteFailure(
  tx: Tx,
  { userId, kind }: DueDigest,
  day: Day,
  error: string
): Promise<void> {
  const row = {
    userId,
    kind,
    onDate: keptOn(kind, day.date),
    state: 'failed' as const,
    counts: {},
    error: error.slice(0, 500)
  };
  await tx
    .insert(digests)
    .values(row)
    .onConflictDoUpdate({
      target: [digests.userId, digests.kind, digests.onDate],
      targetWhere: sql`not asked`,
      set: { error: row.error, triedAt: sql`now()`, attempts: sql`${digests.attempts} + 1` },
      setWhere: eq(digests.state, 'failed')
    });
}

/** Sends whoever asks his digest as it stands now, beside the one of the day; his usual one if none is named. Returns its id. */
export async function sendNow(
  tx: Tx,
  actor: Actor,
  baseUrl: string,
  kind: DigestKind = kindsFor(actor)[0]
): Promise<{ id: number }> {
  if (!kindsFor(actor).includes(kind)) throw new RuleViolation(ONLY_FOR[kind]);
  const day = await dayNow(tx);
  const today = and(eq(digests.userId, actor.userId), eq(digests.onDate, day.date), digests.asked);
  const had = await tx.$count(digests, today);
  if (had >= ASKED_A_DAY)
    throw new RuleViolation(`You have had ${ASKED_A_DAY} of them today. Look at it on this page instead`);
  const content = await contentNow(tx, actor, kind, day);
  const [row] = await tx
    .insert(digests)
    .values({ ...rowOf(actor, day, content), onDate: day.date, state: 'queued', asked: true })
    .returning({ id: digests.id });
  if (!row) throw new Error('The digest was not kept');
  const file = await pipelineFile(tx, actor, kind, day);
  await mailDigest(tx, actor, { id: row.id, day, content, file }, baseUrl);
  return row;
}

interface Written {
  id: number;
  day: Day;
  content: DigestContent;
  file: MailFile | null;
}

/** The last nightly report as far as the reader sees it; of an administrator's morning, as the head he is. */
async function pipelineFile(tx: Tx, actor: Actor, kind: DigestKind, day: Day): Promise<MailFile | null> {
  const whose = kind === 'morning' && actor.seesAll ? rowsOfHisPeople(actor) : undefined;
  const csv = await pipelineCsv(tx, later(day.date, -1), whose);
  return csv && { ...csv, type: 'text/csv' };
}

async function mailDigest(
  tx: Tx,
  to: Actor,
  { id, day, content, file }: Written,
  baseUrl: string
): Promise<void> {
  const firm = await firmOf(tx);
  const [profile] = await tx
    .select({ email: userProfiles.email, timeZone: userProfiles.timeZone })
    .from(userProfiles)
    .where(eq(userProfiles.userId, to.userId));
  if (!profile) throw new Error('The person has no profile');
  const { locale, currency, clientWord, promiseWord } = firm;
  const letter = {
    ...{ locale, currency, clientWord, promiseWord, baseUrl },
    ...{ name: to.name, firm: firm.name, date: day.date, page: `/digests/${id}` },
    timeZone: profile.timeZone ?? firm.timeZone
  };
  const mail = digestLetter(content, letter);
  const gist = gistOf(content.sections, letter);
  await queueMail(tx, {
    key: `digest:${id}`,
    userId: to.userId,
    to: profile.email,
    subject: gist ? `${mail.title}: ${gist}` : mail.title,
    kind: 'digest',
    file,
    ...layoutMail(mail)
  });
}

/** Removes digests from before 400 days ago, as their mails are. As system. */
export async function forgetOldDigests(tx: Tx): Promise<number> {
  const removed = await tx.delete(digests).where(sql`${digests.createdAt} < now() - interval '400 days'`);
  return removed.count;
}
