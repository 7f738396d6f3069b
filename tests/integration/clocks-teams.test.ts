import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute } from '#lib/policies/recompute.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { changed, newcomer } from '../support/people.ts';
import { mintClient } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** The days after which a client has to be spoken with, as his running clock has it. */
async function promisedTo(clientId: number): Promise<number | undefined> {
  await refreshClocks();
  const [row] = await asSystem((tx) =>
    tx.execute<{ amount: number }>(sql`select t.amount from clocks k
      join policy_targets t on t.policy_version_id = k.policy_version_id and t.target = k.target
      where k.subject_kind = 'client' and k.subject_id = ${clientId} and k.target = 'contact' and k.state = 'running'`)
  );
  return row?.amount;
}

async function promise(teamId: number, amount: number): Promise<void> {
  const calendarId = (await callerFor(firm.admin).calendars.list()).items[0]?.id ?? 0;
  await callerFor(firm.admin).policies.create({
    ...{ subjectKind: 'client', name: `Clients of team ${teamId}`, calendarId, teamId },
    ...{ pausesClient: true, pausesThirdParty: false, workingHoursOnly: false },
    targets: [{ target: 'contact', amount, unit: 'calendar_days' }],
    steps: [{ target: 'contact', when: 'percent', amount: 100, tell: 'head', does: ['notify'] }]
  });
  const asked = await asSystem((tx) =>
    tx.execute<{ id: number }>(sql`select id from clock_recomputes where finished_at is null`)
  );
  for (const { id } of asked) await recompute(Number(id));
}

describe('the clocks of clients', () => {
  it('follow the main team of who looks after them, whichever way it changes', async () => {
    const { people, teams } = callerFor(firm.admin);
    const { rm, other } = firm.teams;
    await promise(rm, 30);
    await promise(other, 45);
    const { id: rmId } = await people.create(newcomer(firm, { teamIds: [rm], mainTeamId: rm }));
    const [client, archived] = [
      await mintClient({ primaryRmId: rmId }),
      await mintClient({ primaryRmId: rmId, lifecycle: 'archived' })
    ];
    const another = await mintClient({ primaryRmId: firm.otherRm.userId });
    expect(await promisedTo(client)).toBe(30);
    expect(await promisedTo(another)).toBe(45);

    await people.update(await changed(firm, rmId, { teamIds: [rm, other], mainTeamId: other }));
    expect(await promisedTo(client)).toBe(45);

    await teams.removeMember({ teamId: other, userId: rmId });
    expect(await promisedTo(client)).toBe(30);

    await teams.removeMember({ teamId: rm, userId: rmId });
    expect(await promisedTo(client)).toBe(90);

    await teams.addMember({ teamId: other, userId: rmId });
    expect(await promisedTo(client)).toBe(45);
    expect(await promisedTo(archived)).toBeUndefined();
    expect(await promisedTo(another)).toBe(45);
  });
});
