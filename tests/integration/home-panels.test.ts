import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { today } from '#lib/home/today.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const sells = async (actor: Actor) =>
  (await asActor(actor, (tx) => today(tx, actor), { readOnly: true })).sells;

it('speaks of leads and clients to those whose people look after some, not to operations', async () => {
  for (const actor of [firm.admin, firm.rmHead, firm.rm]) expect(await sells(actor)).toBe(true);
  for (const actor of [firm.opsHead, firm.ops]) expect(await sells(actor)).toBe(false);
});

it('goes by the teams a person heads or belongs to, whatever else he does', async () => {
  const heads = { ...firm.opsHead, headedTeamIds: [...firm.opsHead.headedTeamIds, firm.teams.rm] };
  expect(await sells(heads)).toBe(true);
  await asSystem((tx) =>
    tx.execute(sql`insert into team_members (user_id, team_id) values (${firm.ops.userId}, ${firm.teams.rm})`)
  );
  expect(await sells(firm.ops)).toBe(true);
  await asSystem((tx) => tx.execute(sql`delete from team_members where user_id = ${firm.ops.userId}`));
  expect(await sells(firm.ops)).toBe(true);
});
