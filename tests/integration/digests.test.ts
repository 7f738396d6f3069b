import { describe, expect, test } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import { sendNow } from '#lib/digests/commands.server.ts';
import type { DigestContent } from '#lib/digests/model.ts';
import { digestById, listDigests } from '#lib/digests/reads.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import {
  BASE,
  digestOf,
  friday,
  inHours,
  mailTo,
  preview,
  request,
  section,
  write
} from '../support/digests.ts';
import { mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

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
