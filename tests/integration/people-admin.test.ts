import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';

let database: TestDatabase;
let firm: TestFirm;
let superuser: postgres.Sql;

beforeAll(async () => {
  database = await useTestDatabase();
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
});

afterAll(async () => {
  await superuser.end();
  await closeDatabase();
  await database.drop();
});

let numbered = 0;
const as = (actor: Actor) => callerFor(actor);
const newcomer = (more: object = {}) => ({
  name: 'Nina New',
  email: `Nina.New${++numbered}@Firm.test`,
  phone: null,
  extension: null,
  roleId: firm.roleIds.rm_executive,
  teamIds: [firm.teams.rm],
  mainTeamId: null,
  assessment: false,
  timeZone: null,
  language: 'en' as const,
  ...more
});

describe('adding a colleague', () => {
  it('gives him role, teams and a mail on its way', async () => {
    const input = newcomer({ assessment: true });
    const { id } = await as(firm.admin).people.create(input);
    const person = await as(firm.admin).people.byId({ id });
    expect(person).toMatchObject({
      name: 'Nina New',
      email: input.email,
      role: 'Relationship manager',
      mainTeamId: firm.teams.rm,
      teamIds: [firm.teams.rm],
      assessment: true,
      active: true,
      account: { passwordSetAt: null, invitationExpiresAt: null }
    });
    const mails = await superuser`select * from mail_outbox where user_id = ${id}`;
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ kind: 'invitation', to_address: input.email, state: 'pending' });
  });
});
