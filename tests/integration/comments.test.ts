import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, mintUser, type TestFirm } from '../support/firm.ts';
import { mintClient, mintQuery, mintRequest } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let queryId: number;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  queryId = await mintQuery({ clientId, rmId: firm.rm.userId });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const say = (body: string, subjectId = queryId) =>
  callerFor(firm.rm).comments.add({ subjectKind: 'query', subjectId, body });

const told = async (actor: TestFirm['rm']) =>
  (await callerFor(actor).notifications.list({})).items.filter(({ kind }) => kind === 'mention');

describe('a comment that names colleagues', () => {
  it('tells those who may see the record, with a link, and says who may not', async () => {
    const { id, mentions } = await say('Please look, @hema head, with @Osman South and @Nobody Here.');
    expect(mentions).toEqual([
      { userId: firm.rmHead.userId, name: 'Hema Head', told: true },
      { userId: firm.otherRm.userId, name: 'Osman South', told: false }
    ]);
    expect(await told(firm.rmHead)).toMatchObject([
      {
        title: expect.stringMatching(/^Ravi Manager mentioned you on QR-/) as string,
        page: `/queries/${queryId}`,
        reason: 'Ravi Manager named you in a comment on this query'
      }
    ]);
    expect(await told(firm.otherRm)).toEqual([]);

    const seenBy = async (actor: TestFirm['rm']) =>
      (await callerFor(actor).queries.byId({ id: queryId })).comments.find((comment) => comment.id === id);
    expect((await seenBy(firm.rm))?.mentions.map(({ told: was }) => was)).toEqual([true, false]);
    expect((await seenBy(firm.rmHead))?.mentions.map(({ told: was }) => was)).toEqual([true, true]);
    const listed = await callerFor(firm.rm).comments.list({
      filter: { subjectKind: 'query', subjectId: queryId }
    });
    expect(listed.items[0]?.mentions).toHaveLength(2);
  });

  it('names whole names only: no parts, no addresses, not oneself, nobody who left', async () => {
    expect((await say('@Hema Heads mail@Hema Head @Ravi Manager @Gita Gone @Hema')).mentions).toEqual([]);
  });

  it('names the longer of two names that begin alike', async () => {
    await asSystem((tx) =>
      mintUser(tx, { role: 'head', name: 'Hema Head Junior', teamIds: [firm.teams.rm] })
    );
    const { mentions } = await say('Ask @Hema Head Junior');
    expect(mentions.map(({ name }) => name)).toEqual(['Hema Head Junior']);
  });

  it('tells of a request too, in whose team’s queue it is', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops });
    const { mentions } = await callerFor(firm.rm).comments.add({
      subjectKind: 'request',
      subjectId: id,
      body: '@Opal Desk please, or @Olga Registrar'
    });
    expect(mentions.map(({ name, told: was }) => [name, was])).toEqual([
      ['Opal Desk', true],
      ['Olga Registrar', false]
    ]);
    expect((await told(firm.ops))[0]).toMatchObject({ page: `/requests/${id}` });
  });

  it('is offered colleagues by name, those who may see the record first', async () => {
    const offered = await callerFor(firm.rm).comments.mentionable({
      subjectKind: 'query',
      subjectId: queryId,
      q: 'o'
    });
    const sees = offered.map((person) => person.sees);
    expect(sees).toEqual([...sees].sort((a, b) => Number(b) - Number(a)));
    expect(offered.find(({ name }) => name === 'Osman South')).toMatchObject({ sees: false });
    expect(offered.some(({ name }) => name === 'Gita Gone')).toBe(false);
    await expect(
      callerFor(firm.otherRm).comments.mentionable({ subjectKind: 'query', subjectId: queryId })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
