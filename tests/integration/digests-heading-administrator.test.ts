import { desc, eq, sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendNow, writeDigest } from '#lib/digests/commands.server.ts';
import { digestsDue } from '#lib/digests/due.server.ts';
import { previewDigest } from '#lib/digests/reads.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import { teams, userProfiles } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { rowsBehind } from '../support/digest-links.ts';
import { BASE, friday, request, section } from '../support/digests.ts';
import { mintTeam, mintUser } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

const MONDAY = '2026-11-16';
let both: Actor;
let hisRm: Actor;
let team: number;

useTestFirm();

beforeAll(async () => {
  const ids = await asSystem(async (tx) => {
    const admin = await mintUser(tx, { role: 'administrator', name: 'Bina Both' });
    team = await mintTeam(tx, { name: 'West', function: 'rm', headId: admin });
    return { admin, rm: await mintUser(tx, { role: 'rm_executive', name: 'Ravi West', teamIds: [team] }) };
  });
  both = await actorOf(ids.admin);
  hisRm = await actorOf(ids.rm);
});

beforeEach(() =>
  asSystem(async (tx) => {
    await tx.delete(digests);
    await tx.update(userProfiles).set({ digestAt: '00:00', digest: null, weeklyDigest: null });
    await tx.update(teams).set({ active: true }).where(eq(teams.id, team));
  })
);

const due = async ({ userId }: Actor, date = MONDAY) =>
  (await asSystem((tx) => digestsDue(tx, date, false)))
    .filter((one) => one.userId === userId)
    .map(({ kind }) => kind)
    .toSorted();
const profile = ({ userId }: Actor, values: Partial<typeof userProfiles.$inferInsert>) =>
  asSystem((tx) => tx.update(userProfiles).set(values).where(eq(userProfiles.userId, userId)));
const api = callerFor;

describe('an administrator who heads a team', () => {
  test('gets the morning of a head and the week of an administrator, each once', async () => {
    expect(await due(both)).toEqual(['morning', 'weekly']);
    expect(await due(firm.admin)).toEqual(['weekly']);
    for (const kind of ['morning', 'weekly'] as const)
      for (let time = 0; time < 2; time += 1)
        await writeDigest({ userId: both.userId, kind }, { ...friday, date: MONDAY }, BASE);
    expect(await due(both)).toEqual([]);
    expect(await asSystem((tx) => tx.$count(digests))).toBe(2);
    expect(await due(both, '2026-11-17'), 'the next day').toEqual(['morning']);
  });

  test('gets it from his hour on, and none where his team is no longer active', async () => {
    await profile(both, { digestAt: '23:59:59' });
    expect(await due(both)).toEqual([]);
    await profile(both, { digestAt: '00:00' });
    await asSystem((tx) => tx.update(teams).set({ active: false }).where(eq(teams.id, team)));
    expect(await due(both)).toEqual(['weekly']);
  });

  test('chooses each of them for himself', async () => {
    const save = async (chosen: { digest: boolean; weeklyDigest: boolean }) => {
      const { people } = api(both);
      const { id, version, phone, extension, timeZone, language } = await people.me();
      const rest = { phone, extension, timeZone, language: language as 'en', digestAt: '00:00' };
      await people.updateProfile({ id, version, ...rest, ...chosen });
    };
    expect(await api(both).people.me()).toMatchObject({ heads: true, digest: true, weeklyDigest: true });
    await save({ digest: false, weeklyDigest: true });
    expect(await due(both)).toEqual(['weekly']);
    await save({ digest: true, weeklyDigest: false });
    expect(await due(both)).toEqual(['morning']);
    expect(await api(both).people.me()).toMatchObject({ digest: true, weeklyDigest: false });
    expect(await api(firm.admin).people.me()).toMatchObject({
      ...{ heads: false, digest: false, weeklyDigest: true }
    });
    expect(await api(firm.rmHead).people.me()).toMatchObject({
      ...{ heads: true, digest: true, weeklyDigest: false }
    });
  });

  test('reads in the morning of his people and teams, not of the whole firm', async () => {
    const ours = await request(hisRm);
    const theirs = await request(firm.otherRm, { teamId: firm.teams.otherOps });
    const lead = await mintLead({ conversionRmId: hisRm.userId, nextFollowUpOn: '2026-01-05' });
    const waiting = await mintLead({ teamId: team });
    await mintLead({ conversionRmId: firm.otherRm.userId, nextFollowUpOn: '2026-01-05' });
    await mintLead({ teamId: firm.teams.other });
    await mintClient({ primaryRmId: hisRm.userId, nextReviewOn: '2026-01-05' });
    await mintClient({ primaryRmId: firm.otherRm.userId, nextReviewOn: '2026-01-05' });

    const { content } = await asActor(both, (tx) => previewDigest(tx, both, 'morning'), { readOnly: true });
    expect(content).toMatchObject({ kind: 'morning', about: 'teams' });
    const paths = content.sections.flatMap(({ lines }) => lines.map(({ path }) => path));
    expect(paths).toEqual(
      expect.arrayContaining([`/requests/${ours.id}`, `/leads/${lead}`, `/leads/${waiting}`])
    );
    expect(paths).not.toContain(`/requests/${theirs.id}`);
    expect(section(content, 'reviews')?.counts).toMatchObject([{ total: 1 }]);
    expect(section(content, 'leads')?.counts.map(({ total }) => total)).toEqual([1, 1]);
    for (const { path, total } of content.sections.flatMap(({ counts }) => counts))
      expect((await rowsBehind(both, path)).total, path).toBe(total);
  });

  test('gets the report of his people with his morning, and of the firm with his week', async () => {
    await asSystem((tx) =>
      tx.execute(sql`
        insert into pipeline_snapshots
          (on_date, rm_id, team_id, status, leads, value, created, moved, days_in_status, days_to_convert)
        select (now() at time zone f.time_zone)::date - 1, w.rm, w.team, w.status, w.leads, 0, 0, 0, 0, 0 from (values
          (${hisRm.userId}::bigint, ${team}::bigint, 'new', 7), (null, ${team}, 'new', 8),
          (${firm.otherRm.userId}, ${firm.teams.other}, 'new', 9), (null, ${firm.teams.other}, 'wip', 9))
          w (rm, team, status, leads), firm_settings f`)
    );
    const counted = async (kind: 'morning' | 'weekly') => {
      await asActor(both, (tx) => sendNow(tx, both, BASE, kind));
      const [mail] = await asSystem((tx) =>
        tx.select().from(mailOutbox).orderBy(desc(mailOutbox.id)).limit(1)
      );
      const lines = (mail?.file?.text ?? '').trim().split('\r\n').slice(1);
      return lines.map((line) => Number(line.split(',')[7])).toSorted();
    };
    expect(await counted('morning')).toEqual([7, 8]);
    expect(await counted('weekly')).toEqual([7, 8, 9, 9]);
  });

  test('has either sent when he asks; nobody has one that is not for him', async () => {
    const ask = (actor: Actor, kind?: 'morning' | 'weekly') =>
      asActor(actor, (tx) => sendNow(tx, actor, BASE, kind));
    await ask(both);
    await ask(both, 'morning');
    const kinds = await asSystem((tx) => tx.select({ kind: digests.kind }).from(digests).orderBy(digests.id));
    expect(kinds.map(({ kind }) => kind)).toEqual(['weekly', 'morning']);
    await expect(ask(firm.admin, 'morning')).rejects.toThrow('heads a team');
    await expect(ask(firm.rmHead, 'weekly')).rejects.toThrow('administrators');
  });
});
