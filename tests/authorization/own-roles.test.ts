import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { roleGrants, roles, users } from '#lib/people/schema.server.ts';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { PERMISSIONS } from '#lib/platform/auth/permissions.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { answerTo } from './answers.ts';
import { EXPECTATIONS } from './expectations.ts';
import { mint, MISSING } from './world.ts';

let database: TestDatabase;
/** Its executive is of a role of the firm's own: level 2, and every permission with the scope `all`. */
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  const usual = await makeFirm();
  await asSystem(async (tx) => {
    const [role] = await tx
      .insert(roles)
      .values({ key: 'deputy', name: 'Deputy', level: 2 })
      .returning({ id: roles.id });
    const roleId = role?.id ?? 0;
    await tx
      .insert(roleGrants)
      .values(PERMISSIONS.map((permission) => ({ roleId, permission, scope: 'all' as const })));
    await tx.update(users).set({ roleId }).where(eq(users.id, usual.rm.userId));
  });
  firm = { ...usual, rm: await actorOf(usual.rm.userId) };
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

describe('a role of the firm’s own with every permission', () => {
  it.each(Object.entries(EXPECTATIONS))('may call %s, or is told why not', async (path, expected) => {
    const target = await mint(firm, expected.kind, 'executive', 'own', expected.state);
    const input = expected.input(expected.kind === 'none' ? MISSING : target, firm);
    const { letter, body } = await answerTo(firm.rm, path, input);
    expect(letter, body).toMatch(/^[onfru]$/);
    if (expected.cells.executive.startsWith('o')) expect(letter, body).toBe('o');
  });
});
