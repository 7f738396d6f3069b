import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { sweepClocks } from '../../workers/escalation.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

const past = new Date('2025-12-01T06:00:00Z');
const mine = (values: Parameters<typeof mintClient>[0]) =>
  mintClient({ primaryRmId: firm.rm.userId, createdAt: past, lastContactAt: new Date(), ...values });
const about = async (actor: Actor, id: number) => {
  const { items } = await callerFor(actor).notifications.list({});
  return items
    .filter((item) => item.subjectId === id)
    .map(({ title }) => title)
    .filter((title) => title.includes('eview'));
};
const ladderOf = async (id: number) => {
  const rows = await asSystem((tx) =>
    tx.execute<{ key: string; at: string; tell: string }>(sql`
      select s.step_key as key, s.tell, to_char(s.action_at at time zone 'Asia/Kolkata', 'YYYY-MM-DD HH24:MI') as at
      from clock_steps s join clocks k on k.id = s.clock_id
      where k.subject_kind = 'client' and k.subject_id = ${id} and k.target = 'review' and k.state = 'running'
      order by s.position`)
  );
  return [...rows].map(({ key, at, tell }) => [key, at, tell]);
};

const keepToHours = (keep: boolean) =>
  asSystem((tx) => tx.execute(sql`update policy_versions set working_hours_only = ${keep}`));

describe('a portfolio review', () => {
  it('is announced a week ahead, on its day, and when it is overdue, later to the head too', async () => {
    await keepToHours(true);
    const id = await mine({ nextReviewOn: '2030-06-12' });
    await sweepClocks();
    expect(await ladderOf(id)).toEqual([
      ['ahead', '2030-06-05 09:30', 'assignee'],
      ['on_the_day', '2030-06-12 09:30', 'assignee'],
      ['breach', '2030-06-13 09:30', 'assignee'],
      ['head_later', '2030-06-19 15:30', 'head']
    ]);
    expect(await about(firm.rm, id)).toEqual([]);
    await keepToHours(false);
  });

  it('is told to its RM and in the end to his head, once for each date', async () => {
    const id = await mine({ name: 'Asha Rao', nextReviewOn: '2026-06-10' });
    await sweepClocks();
    await sweepClocks();
    const told = await about(firm.rm, id);
    expect(told.length).toBeGreaterThan(0);
    expect(told.join()).toContain('Asha Rao');
    expect(await about(firm.rmHead, id)).toHaveLength(1);

    await callerFor(firm.rm).reviews.log({ clientId: id, heldOn: '2026-06-20', nextOn: '2026-09-01' });
    await sweepClocks();
    await sweepClocks();
    expect((await about(firm.rmHead, id)).length).toBe(2);
    expect((await about(firm.rm, id)).length).toBe(2 * told.length);
  });

  it('of an archived client, or of nobody’s, is told to nobody', async () => {
    const archived = await mine({ nextReviewOn: '2026-06-10', lifecycle: 'archived' });
    const nobodys = await mine({ nextReviewOn: '2026-06-10', primaryRmId: null });
    await sweepClocks();
    for (const actor of [firm.rm, firm.rmHead, firm.admin])
      expect([...(await about(actor, archived)), ...(await about(actor, nobodys))]).toEqual([]);
  });
});
