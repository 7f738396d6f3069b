import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { and, eq, sql } from 'drizzle-orm';
import { sendNow, writeDigest } from '#lib/digests/commands.server.ts';
import type { Day } from '#lib/digests/days.server.ts';
import type { DigestContent, DigestSection, SectionKey } from '#lib/digests/model.ts';
import { digestById, listDigests, previewDigest } from '#lib/digests/reads.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import { promisesPath } from '#lib/digests/words.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { rowsBehind } from '../support/digest-links.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

const BASE = 'https://rapport.test';
const HOUR = 3_600_000;
const friday: Day = { date: '2026-11-20', timeZone: 'Asia/Kolkata' };
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR);

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

/** A request in the queue of operations, for a client of the given RM; overdue since some hours unless told otherwise. */
async function request(
  rm: Actor,
  { due = -30 * 24, teamId = firm.teams.ops, assigneeId = null as number | null } = {}
) {
  const clientId = await mintClient({ name: `Client of ${rm.name}`, primaryRmId: rm.userId });
  const id = await mintRequest({ clientId, teamId, assigneeId, dueAt: inHours(due) });
  return { id, number: `SR-${String(id).padStart(6, '0')}` };
}

/** A clock of which the ladder's first step was told, so and so many hours ago. */
const escalate = (kind: 'request' | 'query', id: number, hoursAgo: number, step = 'breach') =>
  asSystem((tx) =>
    tx.execute(sql`
      with k as (
        insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at)
        select ${kind}, ${id}, 'resolution', (select min(id) from policy_versions), (select min(id) from calendars),
          now() - interval '9 days', now() - interval '2 days' returning id, policy_version_id)
      insert into escalations (clock_id, step_key, policy_version_id, kind, action_at, carried_out_at)
      select k.id, 'x', k.policy_version_id, ${step}, now(), now() - make_interval(hours => ${hoursAgo}::int) from k`)
  );

const promiseOn = (leadId: number, due: Date, target = 'first_call') =>
  asSystem((tx) =>
    tx.execute(sql`
      insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, started_at, due_at)
      select 'lead', ${leadId}, ${target}, (select min(id) from policy_versions), (select min(id) from calendars),
        now() - interval '9 days', ${due.toISOString()}::timestamptz`)
  );

const write = ({ userId, level }: Actor, day = friday) =>
  writeDigest({ userId, kind: level === 0 ? 'weekly' : 'morning' }, day, BASE);

async function digestOf({ userId }: Actor, day = friday) {
  const [row] = await asSystem((tx) =>
    tx
      .select()
      .from(digests)
      .where(and(eq(digests.userId, userId), eq(digests.onDate, day.date), eq(digests.asked, false)))
  );
  return row;
}

async function mailTo(actor: Actor, day = friday) {
  const key = `digest:${(await digestOf(actor, day))?.id}`;
  const [mail] = await asSystem((tx) => tx.select().from(mailOutbox).where(eq(mailOutbox.key, key)));
  return mail;
}

const preview = async (actor: Actor) =>
  (await asActor(actor, (tx) => previewDigest(tx, actor), { readOnly: true })).content;

const section = (content: DigestContent, key: SectionKey) => content.sections.find((one) => one.key === key);

test('a request reaches the digest of its team and of the client’s RM, and nobody else’s', async () => {
  const ours = await request(firm.rm);
  const theirs = await request(firm.otherRm, { teamId: firm.teams.otherOps });

  await write(firm.rmHead);
  await write(firm.opsHead);
  await write(firm.otherHead);

  const text = async (head: Actor) => (await mailTo(head))?.text ?? '';
  expect(await text(firm.rmHead)).toContain(ours.number);
  expect(await text(firm.opsHead)).toContain(ours.number);
  expect(await text(firm.otherHead)).not.toContain(ours.number);
  expect(await text(firm.otherHead)).toContain(theirs.number);
  expect(await text(firm.rmHead)).not.toContain(theirs.number);
  expect(await text(firm.opsHead)).not.toContain(theirs.number);
  expect(await text(firm.rmHead)).toContain(`${BASE}/requests/${ours.id}`);
});

test('the nightly report of the day before goes with it, as far as the reader sees it', async () => {
  await asSystem((tx) => tx.delete(digests));
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: new Date('2026-11-10') });
  await mintLead({ conversionRmId: firm.otherRm.userId, createdAt: new Date('2026-11-10') });
  await asSystem((tx) => snapshotPipeline(tx, '2026-11-19'));
  await write(firm.rmHead);
  const file = (await mailTo(firm.rmHead))?.file;
  expect(file).toMatchObject({ name: 'pipeline-2026-11-19.csv', type: 'text/csv' });
  expect(file?.text).toContain(firm.rm.name);
  expect(file?.text).not.toContain(firm.otherRm.name);
});

test('every count leads to the list of the rows it counts', async () => {
  await asSystem((tx) => tx.delete(digests));
  const clientId = await mintClient({ name: 'Lakshmi', primaryRmId: firm.rm2.userId });
  await mintClient({ primaryRmId: firm.rm.userId, nextReviewOn: '2026-01-05' });
  await mintClient({ primaryRmId: firm.rm.userId, lastContactAt: inHours(-24 * 100) });
  for (const due of [-40, -2, 0.01, -24 * 20]) {
    const query = await mintQuery({ clientId, rmId: firm.rm2.userId, dueAt: inHours(due) });
    await escalate('query', query, due < -30 ? 200 : 1);
    await request(firm.rm, { due, assigneeId: firm.ops.userId });
    await request(firm.otherRm, { due, teamId: firm.teams.otherOps });
  }
  const lead = await mintLead({ conversionRmId: firm.rm.userId, obtainedById: firm.otherRm.userId });
  await promiseOn(lead, inHours(-3));
  await promiseOn(lead, inHours(0.01), 'follow_up');
  const waiting = await mintLead({ teamId: firm.teams.rm, obtainedById: firm.rm.userId });
  await promiseOn(waiting, inHours(-3));
  await mintLead({ teamId: firm.teams.other, obtainedById: firm.rm.userId });
  await mintLead({
    conversionRmId: firm.rm.userId,
    status: 'denied',
    denialReason: 'no_answer',
    statusChangedAt: inHours(-24)
  });

  for (const person of [firm.rmHead, firm.opsHead, firm.otherHead, firm.rm, firm.ops]) {
    const { sections } = await preview(person);
    expect(sections.length, person.name).toBeGreaterThan(0);
    for (const section of sections) await expectItsRows(person, section);
  }
  const content = await preview(firm.rmHead);
  expect(content.sections.map(({ key }) => key)).toEqual([
    ...['newlyOverdue', 'dueToday', 'escalated', 'stillOverdue', 'leads', 'moved', 'reviews', 'silent']
  ]);
});

const COUNTS_ALONE: SectionKey[] = ['moved', 'steps', 'attention'];

/** Each count is what its list has; the lines and what is named above are rows of those lists, and all of them where they are few. */
async function expectItsRows(person: Actor, { key, counts, lines, above = 0 }: DigestSection) {
  const of = `${person.name}: ${key}`;
  const behind = await Promise.all(counts.map(({ path }) => rowsBehind(person, path)));
  expect([of, behind.map(({ total }) => total)]).toEqual([of, counts.map(({ total }) => total)]);
  if (COUNTS_ALONE.includes(key)) return;
  const listed = behind.flatMap(({ paths }) => paths);
  expect(new Set(listed).size, `${of}, nothing counted twice`).toBe(listed.length);
  for (const { path } of lines) expect(listed, of).toContain(path);
  if (lines.length < 6) expect(lines.length + above, of).toBe(listed.length);
}

describe('leads to call', () => {
  const called = async (head: Actor) => {
    const leads = section(await preview(head), 'leads');
    return { counts: leads?.counts.map(({ key, total }) => [key, total]), lines: leads?.lines };
  };

  test('are those of a head’s people and those that wait for his teams, not what his people obtained for others', async () => {
    await asSystem((tx) => tx.execute(sql`delete from leads`));
    const obtained = { obtainedById: firm.rm.userId };
    const theirs = await mintLead({ ...obtained, conversionRmId: firm.otherRm.userId });
    await mintLead({ ...obtained, teamId: firm.teams.other });
    const ours = await mintLead({ ...obtained, teamId: firm.teams.rm });
    for (const id of [theirs, ours]) await promiseOn(id, inHours(-3));

    const { counts, lines } = await called(firm.rmHead);
    expect(counts).toEqual([['leadsWaiting', 1]]);
    expect(lines).toMatchObject([{ path: `/leads/${ours}`, late: true }]);
    expect((await called(firm.otherHead)).counts).toEqual([
      ['leadsOverdue', 1],
      ['leadsWaiting', 1]
    ]);
  });
});

test('what an earlier section names is counted in a later one and said to be named above', async () => {
  await asSystem((tx) => tx.execute(sql`update clients set next_review_on = null, last_contact_at = now()`));
  const silentAndDue = { primaryRmId: firm.rm2.userId, lastContactAt: inHours(-24 * 200) };
  await mintClient({ ...silentAndDue, nextReviewOn: '2026-01-05', name: 'Twice' });
  await mintClient({ ...silentAndDue, name: 'Silent' });
  const silent = section(await preview(firm.rmHead), 'silent');
  expect(silent).toMatchObject({ counts: [{ key: 'urgent', total: 2 }], above: 1 });
  expect(silent?.lines.map(({ text }) => text.split(' ')[1])).toEqual(['Silent']);

  const day = { ...friday, date: '2026-11-16' };
  await write(firm.rmHead, day);
  expect((await mailTo(firm.rmHead, day))?.text).toContain('- 1 more is named above\n');
});

test('a digest tells of what became overdue since the one before, and of that no second time', async () => {
  const monday = { ...friday, date: '2026-11-23' };
  const tuesday = { ...friday, date: '2026-11-24' };
  await write(firm.opsHead, monday);
  await asSystem((tx) =>
    tx
      .update(digests)
      .set({ createdAt: inHours(-1) })
      .where(eq(digests.userId, firm.opsHead.userId))
  );
  const { number } = await request(firm.rm, { due: -0.5 });
  await write(firm.opsHead, tuesday);
  const content = (await digestOf(firm.opsHead, tuesday))?.content as DigestContent;
  expect(section(content, 'newlyOverdue')?.lines.map(({ text }) => text)).toEqual([
    `${number} Bank change, Client of ${firm.rm.name}`
  ]);

  const content3 = await preview(firm.opsHead);
  expect(section(content3, 'newlyOverdue')).toBeUndefined();
  expect(section(content3, 'stillOverdue')?.counts[0]?.total).toBeGreaterThan(0);
});

test('there is one digest a person and date, however often and by however many it is written', async () => {
  const day = { ...friday, date: '2026-11-19' };
  const written = await Promise.all([1, 2, 3, 4].map(() => write(firm.rmHead, day)));
  expect(written.filter(Boolean)).toHaveLength(1);
  expect(await mailTo(firm.rmHead, day)).toBeDefined();
});

test('an executive’s tells of his own work only', async () => {
  const mine = await request(firm.rm);
  const others = await request(firm.rm2);
  await write(firm.rm);
  const mail = await mailTo(firm.rm);
  expect(mail?.text).toContain(mine.number);
  expect(mail?.text).not.toContain(others.number);
  expect(mail?.text).toContain('You asked for this at Test firm');
});

test('an administrator’s tells of the week and of what needs a hand', async () => {
  await asSystem((tx) =>
    tx.update(mailOutbox).set({ state: 'unknown' }).where(eq(mailOutbox.kind, 'digest'))
  );
  const long = (ago: string) => sql`insert into job_runs (schedule, due_at, state, error)
    values ('leads.close', now() - ${ago}::interval, 'failed', 'No')`;
  await asSystem(async (tx) => {
    for (const ago of ['3 hours', '40 days']) await tx.execute(long(ago));
  });
  // Some time in the week before this one.
  await asSystem((tx) =>
    tx.execute(sql`insert into clocks (subject_kind, subject_id, target, policy_version_id, calendar_id, state, started_at, ended_at)
      select 'lead', (select min(id) from leads), 'follow_up', (select min(id) from policy_versions),
        (select min(id) from calendars), 'satisfied', now() - interval '8 days', now() - interval '7 days'`)
  );
  await mintLead({ conversionRmId: firm.rm.userId, createdAt: inHours(-24 * 7) });
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  await escalate('query', await mintQuery({ clientId, rmId: firm.rm.userId }), 24 * 7);
  const content = await preview(firm.admin);
  expect(content.kind).toBe('weekly');
  const attention = section(content, 'attention')?.counts ?? [];
  expect(attention.map(({ key }) => key)).toEqual(['failedRuns', 'unknownMails']);
  for (const part of content.sections) await expectItsRows(firm.admin, part);
  const { promises } = content;
  expect(promises?.whole.ended).toBe(1);
  expect((await rowsBehind(firm.admin, promisesPath(promises!))).total).toBe(1);
  await asSystem((tx) =>
    tx.update(mailOutbox).set({ state: 'pending' }).where(eq(mailOutbox.kind, 'digest'))
  );
});

test('it speaks of customers where the firm does', async () => {
  await mintClient({ primaryRmId: firm.rm2.userId, lastContactAt: inHours(-24 * 95) });
  await asSystem((tx) => tx.execute(sql`update firm_settings set client_word = 'customer'`));
  const day = { ...friday, date: '2026-11-17' };
  await write(firm.rmHead, day);
  await asSystem((tx) => tx.execute(sql`update firm_settings set client_word = 'client'`));
  expect((await mailTo(firm.rmHead, day))?.text).toContain('Customers without contact');
});

describe('asking for one', () => {
  test('sends it now, beside the one of the day, five times a day at most', async () => {
    const ask = () => asActor(firm.otherRm, (tx) => sendNow(tx, firm.otherRm, BASE));
    const { id } = await ask();
    for (let n = 0; n < 4; n += 1) await ask();
    await expect(ask()).rejects.toThrow('You have had 5 of them today');
    const [mail] = await asSystem((tx) =>
      tx
        .select()
        .from(mailOutbox)
        .where(eq(mailOutbox.key, `digest:${id}`))
    );
    expect(mail).toMatchObject({ userId: firm.otherRm.userId, kind: 'digest', state: 'pending' });
    expect(mail?.text).toContain(`${BASE}/digests/${id}`);
  });

  test('keeps it to be read as it was, by whom it is for', async () => {
    const read = (actor: Actor, id: number) => asActor(actor, (tx) => digestById(tx, actor, id));
    const { items } = await asActor(firm.otherRm, (tx) => listDigests(tx, firm.otherRm, {}));
    expect(items).toHaveLength(5);
    const id = items[0]?.id ?? 0;
    expect((await read(firm.otherRm, id)).content.about).toBe('own');
    for (const other of [firm.otherHead, firm.rm, firm.admin])
      await expect(read(other, id)).rejects.toThrow('Not found');
  });
});

test('nothing to say is no mail, and written down', async () => {
  const quiet = { ...friday, date: '2026-11-18' };
  await asSystem(async (tx) => {
    await tx.execute(sql`update service_requests set due_at = null`);
    await tx.execute(sql`update queries set due_at = null`);
    await tx.execute(sql`delete from clocks`);
    await tx.execute(sql`delete from leads`);
    await tx.execute(sql`update clients set next_review_on = null`);
  });
  expect(await write(firm.otherHead, quiet)).toBe(false);
  expect(await mailTo(firm.otherHead, quiet)).toBeUndefined();
  expect(await digestOf(firm.otherHead, quiet)).toMatchObject({ state: 'skipped' });
});
