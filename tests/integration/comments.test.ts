import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clients } from '#lib/clients/schema.server.ts';
import { queries } from '#lib/desk/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
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

describe('a comment', () => {
  const heard = async (actor: TestFirm['rm'], id: number) =>
    (await callerFor(actor).notifications.list({})).items.filter(
      ({ kind, subjectId }) => kind === 'comment' && subjectId === id
    );

  async function newQuery() {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintQuery({ clientId, rmId: firm.rm.userId });
    const add = (actor: TestFirm['rm'], body: string) =>
      callerFor(actor).comments.add({ subjectKind: 'query', subjectId: id, body });
    return { clientId, id, add };
  }

  it('is told to whoever has the work and to those who commented before, not to its author', async () => {
    const { id, add } = await newQuery();
    await add(firm.rmHead, 'Any news?');
    expect(await heard(firm.rm, id)).toMatchObject([
      {
        title: expect.stringMatching(/^Hema Head commented on QR-/) as string,
        body: 'Any news?',
        page: `/queries/${id}`,
        reason: 'This query is yours'
      }
    ]);
    expect(await heard(firm.rmHead, id)).toEqual([]);
    await add(firm.rm, 'On Monday');
    expect(await heard(firm.rm, id)).toHaveLength(1);
    expect(await heard(firm.rmHead, id)).toMatchObject([{ reason: 'You commented on this query before' }]);
    expect(await heard(firm.otherRm, id)).toEqual([]);
  });

  it('is told on a request to its assignee, also what a head says in reopening it', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({
      ...{ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId },
      ...{ status: 'completed' }
    });
    await callerFor(firm.opsHead).requests.reopen({ id, reason: 'The form was unsigned' });
    expect(await heard(firm.ops, id)).toMatchObject([
      { body: 'Reopened: The form was unsigned', reason: 'This service request is yours' }
    ]);
  });

  it('is told once, as a mention, to whom it names', async () => {
    const { id, add } = await newQuery();
    await add(firm.rmHead, 'Look, @Ravi Manager');
    expect(await heard(firm.rm, id)).toEqual([]);
    expect((await told(firm.rm)).filter(({ subjectId }) => subjectId === id)).toHaveLength(1);
  });

  it('is told to nobody who no longer sees the record, or has left', async () => {
    const { clientId, id, add } = await newQuery();
    await add(firm.rm, 'Mine for now');
    await asSystem(async (tx) => {
      await tx.update(clients).set({ primaryRmId: firm.otherRm.userId }).where(eq(clients.id, clientId));
      await tx.update(queries).set({ rmId: firm.otherRm.userId }).where(eq(queries.id, id));
    });
    await add(firm.admin, 'Passed on');
    expect(await heard(firm.otherRm, id)).toHaveLength(1);
    expect(await heard(firm.rm, id)).toEqual([]);
  });

  it('comes as each has chosen, and not of a muted record', async () => {
    const { id, add } = await newQuery();
    const me = callerFor(firm.rm).notifications;
    await me.choose({ comment: 'none' });
    await add(firm.rmHead, 'Unheard');
    expect(await heard(firm.rm, id)).toEqual([]);
    await me.choose({ comment: 'mail' });
    await add(firm.rmHead, 'By mail');
    const [row] = await asSystem((tx) =>
      tx
        .select()
        .from(notifications)
        .where(sql`kind = 'comment' and subject_id = ${id} and body = 'By mail'`)
    );
    expect(row?.delivery).toBe('mail');
    await me.mute({ kind: 'query', id });
    await add(firm.rmHead, 'Muted');
    expect((await heard(firm.rm, id)).map(({ body }) => body)).toEqual(['By mail']);
    await me.choose({ comment: 'app' });
  });

  it('on a client is a note: his RM hears of it, and whoever wrote one before', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const note = (actor: TestFirm['rm'], body: string) =>
      callerFor(actor).clients.addNote({ clientId, body });
    await note(firm.rmHead, 'Prefers mornings');
    expect(await heard(firm.rm, clientId)).toMatchObject([
      {
        body: 'Prefers mornings',
        page: `/clients/${clientId}`,
        reason: expect.stringMatching(/^You look after /) as string
      }
    ]);
    await note(firm.rm, 'Noted');
    expect(await heard(firm.rmHead, clientId)).toMatchObject([{ reason: 'You wrote a note here before' }]);
  });
});
