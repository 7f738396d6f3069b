import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { userProfiles } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintUser, type RoleKey } from '../support/firm.ts';
import { mintClient, mintQuery } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

let subjectId: number;

beforeAll(async () => {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  subjectId = await mintQuery({ clientId, rmId: firm.rm.userId });
});

const say = (body: string) => callerFor(firm.rm).comments.add({ subjectKind: 'query', subjectId, body });

const join = (name: string, teamId: number, role: RoleKey) =>
  asSystem((tx) => mintUser(tx, { role, name, teamIds: [teamId] }));

const readBy = async (actor: typeof firm.rm, id: number) =>
  (await callerFor(actor).queries.byId({ id: subjectId })).comments.find((comment) => comment.id === id);

describe('one word behind an @', () => {
  it('names the only colleague of that first name who may see the record, and tells him', async () => {
    const { id, mentions, nobody } = await say('Could you look, @hema? Thanks.');
    expect(mentions).toEqual([{ userId: firm.rmHead.userId, name: 'Hema Head', told: true, typed: 'hema' }]);
    expect(nobody).toEqual([]);
    const { items } = await callerFor(firm.rmHead).notifications.list({});
    expect(items.filter(({ kind }) => kind === 'mention')).toHaveLength(1);
    expect(await readBy(firm.rm, id)).toMatchObject({ mentions: [{ typed: 'hema' }], nobody: [] });
  });

  it('names by the whole name with dots, but not by an address, which not everybody may read', async () => {
    await asSystem((tx) =>
      tx
        .update(userProfiles)
        .set({ email: 'boss.north@firm.test', emailKey: 'boss.north@firm.test' })
        .where(eq(userProfiles.userId, firm.rmHead.userId))
    );
    const body = 'Hm, @boss.north.';
    const said = await callerFor(firm.admin).comments.add({ subjectKind: 'query', subjectId, body });
    expect(said.mentions).toEqual([]);
    expect((await say('See @hema.head, please')).mentions).toMatchObject([
      { name: 'Hema Head', typed: 'hema.head' }
    ]);
  });

  it('tells nobody where none, or more than one, of those who may see it bears it; only the author hears that', async () => {
    await join('Hema Second', firm.teams.rm, 'administrator');
    const { id, mentions, nobody } = await say('@Hema and @Osman and @nobody, mail me@hema');
    expect(mentions).toEqual([]);
    expect(nobody).toEqual(['Hema', 'Osman', 'nobody']);
    expect((await readBy(firm.rm, id))?.nobody).toEqual(nobody);
    expect((await readBy(firm.rmHead, id))?.nobody).toEqual([]);
  });

  it('leaves out of account who may not see the record', async () => {
    await join('Zara North', firm.teams.rm, 'administrator');
    await join('Zara South', firm.teams.other, 'rm_executive');
    expect((await say('@Zara please')).mentions).toMatchObject([{ name: 'Zara North', told: true }]);
  });

  it('takes a first name before another name for half of that', async () => {
    await join('Yusuf North', firm.teams.rm, 'administrator');
    expect(await say('@Yusuf Khan please')).toMatchObject({ mentions: [], nobody: ['Yusuf'] });
    expect((await say('@Yusuf North please')).mentions).toEqual([
      expect.not.objectContaining({ typed: expect.anything() as unknown })
    ]);
  });
});
