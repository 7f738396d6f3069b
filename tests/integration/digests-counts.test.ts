import { describe, expect, test } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import type { DigestSection, SectionKey } from '#lib/digests/model.ts';
import { promisesPath } from '#lib/digests/words.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { rowsBehind } from '../support/digest-links.ts';
import { escalate, inHours, preview, promiseOn, request, section, write } from '../support/digests.ts';
import { mintClient, mintLead, mintQuery } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

test('every count leads to the list of the rows it counts', async () => {
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

test('an administrator’s tells of the week and of what needs a hand', async () => {
  expect(await write(firm.rmHead)).toBe(true);
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
