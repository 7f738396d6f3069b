import { afterAll, beforeAll, expect, test } from 'vitest';
import { eq, sql } from 'drizzle-orm';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { type Day, headsToTell, writeDigest } from '#lib/digests/commands.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import { userProfiles } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { mailOutbox } from '#lib/platform/mail/schema.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

const BASE = 'https://rapport.test';
/** A Friday on which the firm works, in Kolkata. */
const friday: Day = {
  date: '2026-11-20',
  from: new Date('2026-11-20T00:00+05:30'),
  to: new Date('2026-11-21T00:00+05:30')
};

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database?.drop();
});

/** A request that is long overdue: in the queue of operations, for a client of the given RM. */
async function overdueRequest(rm: Actor, teamId = firm.teams.ops) {
  const clientId = await mintClient({ name: `Client of ${rm.name}`, primaryRmId: rm.userId });
  const id = await mintRequest({ clientId, teamId });
  const subject = {
    kind: 'request' as const,
    id,
    clientId,
    requestTypeId: firm.requestTypeId,
    priority: 'normal'
  };
  await asSystem((tx) => startClocks(tx, subject, { at: new Date('2026-10-01T10:00+05:30') }));
  return `SR-${String(id).padStart(6, '0')}`;
}

const write = (head: Actor, day = friday) => asActor(head, (tx) => writeDigest(tx, head, day, BASE));

async function mailTo(head: Actor, day = friday) {
  const key = `digest:${day.date}:${head.userId}`;
  const [mail] = await asSystem((tx) => tx.select().from(mailOutbox).where(eq(mailOutbox.key, key)));
  return mail;
}

test('a request reaches the digest of its team and of the client’s RM, and nobody else’s', async () => {
  const ours = await overdueRequest(firm.rm);
  const theirs = await overdueRequest(firm.otherRm, firm.teams.otherOps);

  await write(firm.rmHead);
  await write(firm.opsHead);
  await write(firm.otherHead);

  const text = async (head: Actor) => (await mailTo(head))?.text ?? '';
  expect(await text(firm.rmHead)).toContain(ours);
  expect(await text(firm.opsHead)).toContain(ours);
  expect(await text(firm.otherHead)).not.toContain(ours);
  expect(await text(firm.otherHead)).toContain(theirs);
  expect(await text(firm.rmHead)).not.toContain(theirs);
  expect(await text(firm.opsHead)).not.toContain(theirs);
  expect(await text(firm.rmHead)).toContain(`${BASE}/requests/`);
});

test('a head gets one digest a date, however often it is written', async () => {
  await overdueRequest(firm.rm);
  const day = { ...friday, date: '2026-11-19' };

  const written = await Promise.allSettled([
    write(firm.rmHead, day),
    write(firm.rmHead, day),
    write(firm.rmHead, day)
  ]);

  expect(written.filter((one) => one.status === 'fulfilled' && one.value)).toHaveLength(1);
  expect(await mailTo(firm.rmHead, day)).toBeDefined();
});

test('nothing to say is no mail', async () => {
  const quiet = { ...friday, date: '2026-11-18' };
  await asSystem((tx) => tx.execute(sql`update service_requests set due_at = null`));

  expect(await write(firm.otherHead, quiet)).toBe(false);

  expect(await mailTo(firm.otherHead, quiet)).toBeUndefined();
  const rows = await asSystem((tx) => tx.select().from(digests).where(eq(digests.onDate, quiet.date)));
  expect(rows).toMatchObject([{ userId: firm.otherHead.userId, state: 'skipped' }]);
});

test('heads are told at their hour, on working days, unless somebody asks', async () => {
  const at = (time: string) =>
    asSystem((tx) =>
      tx.update(userProfiles).set({ digestAt: time }).where(eq(userProfiles.userId, firm.rmHead.userId))
    );
  const due = (date: string, everybody = false) => asSystem((tx) => headsToTell(tx, date, everybody));
  await at('00:00');

  expect(await due('2026-11-17')).toContain(firm.rmHead.userId);
  expect(await due('2026-11-22'), 'a Sunday').toEqual([]);
  expect(await due('2026-12-25'), 'a holiday').toEqual([]);
  expect(await due('2026-11-22', true)).toContain(firm.rmHead.userId);
  expect(await due('2026-11-17')).not.toContain(firm.admin.userId);
});
