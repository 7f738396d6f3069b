import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import postgres from 'postgres';
import { LINK_TOKEN } from '#lib/platform/auth/links.server.ts';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sendMailAgain } from '#lib/platform/mail/history.server.ts';
import { sendMail } from '#lib/platform/mail/sending.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { readLetter } from '../e2e/support/letters.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { changed, newcomer } from '../support/people.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const OWN = 'a password of my own';
const NOT_FOUND = { code: 'NOT_FOUND' };
const REFUSED = { code: 'UNPROCESSABLE_CONTENT' };

let database: TestDatabase;
let firm: TestFirm;
let smtp: TestSmtp;
let superuser: postgres.Sql;

beforeAll(async () => {
  smtp = await startSmtp();
  database = await useTestDatabase();
  Object.assign(process.env, {
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Rapport <crm@firm.example>',
    PUBLIC_URL: 'https://crm.firm.example'
  });
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  firm = await makeFirm();
});

beforeEach(() => {
  smtp.manner = 'accept';
  smtp.received.length = 0;
});

afterEach(() => vi.useRealTimers());

afterAll(async () => {
  await closeDatabase();
  await superuser.end();
  await smtp.close();
  await database.drop();
});

const people = () => callerFor(firm.admin).people;
const accountOf = async (id: number) => (await people().byId({ id })).account;
const keysOf = async (userId: number) =>
  (await superuser`select key from mail_outbox where user_id = ${userId} order by id`).map(({ key }) =>
    String(key)
  );

/** Sends what waits for this person, as the worker does. */
async function deliver(userId: number): Promise<void> {
  for (const key of await keysOf(userId)) await sendMail(key);
}

/** The token in the latest mail that arrived. */
function arrivedToken(): string {
  const [, token = ''] = /https:\/\/crm\.firm\.example\/invite\/([\w-]{43})/.exec(arrived().text) ?? [];
  return token;
}

const arrived = () => readLetter(smtp.received.at(-1) ?? '');
const messageIdArrived = () => /^message-id: (.+)\r$/im.exec(smtp.received.at(-1) ?? '')?.[1];

const accept = async (visitor: Visitor, token: string) =>
  (await visitor.api()).auth.acceptInvitation({ token, password: OWN });

async function invited() {
  const input = newcomer(firm);
  const { id } = await people().create(input);
  return { id, email: input.email };
}

describe('an invitation', () => {
  it('goes by mail, works once, and lets somebody in', async () => {
    const { id, email } = await invited();
    await deliver(id);
    expect(smtp.received).toHaveLength(1);
    const token = arrivedToken();
    expect((await accountOf(id))?.invitationExpiresAt?.getTime()).toBeGreaterThan(Date.now());
    expect((await people().list({ filter: { state: 'invited' } })).items.map((one) => one.id)).toContain(id);

    const visitor = new Visitor();
    await accept(visitor, token);
    expect(await visitor.isSignedIn()).toBe(true);
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
    await new Visitor().signIn(email, OWN);
    const account = await accountOf(id);
    expect(account).toMatchObject({ invitationMail: null, invitationExpiresAt: null });
    expect(account?.passwordSetAt).not.toBeNull();
    expect(account?.lastSignInAt).not.toBeNull();
  });

  it('leaves its link in nothing that is kept', async () => {
    const { id } = await invited();
    await deliver(id);
    const token = arrivedToken();
    const tables = await superuser<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
    for (const { name } of tables) {
      const [row] = await superuser.unsafe<{ found: boolean }[]>(
        `select exists (select 1 from ${name} t where t::text like '%${token}%') as found`
      );
      expect(row?.found, name).toBe(false);
    }
    const [mail] = await superuser`select text from mail_outbox where user_id = ${id}`;
    expect(mail?.text).toContain(LINK_TOKEN);
  });

  it('runs out after a week and can be sent again', async () => {
    const { id } = await invited();
    await deliver(id);
    const token = arrivedToken();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 8 * 24 * 3_600_000);
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
    await people().invite({ id });
    await deliver(id);
    vi.useRealTimers();
    await accept(new Visitor(), arrivedToken());
  });

  it('ends with the next one, also where that is still on its way', async () => {
    const { id } = await invited();
    await people().invite({ id });
    await deliver(id);
    expect(smtp.received).toHaveLength(1);
    expect(await keysOf(id)).toHaveLength(1);
    const first = arrivedToken();
    await people().invite({ id });
    await deliver(id);
    await expect(accept(new Visitor(), first)).rejects.toMatchObject(NOT_FOUND);
    await accept(new Visitor(), arrivedToken());
  });

  it('can be withdrawn, sent or not', async () => {
    const sent = await invited();
    await deliver(sent.id);
    const token = arrivedToken();
    await people().withdrawInvitation({ id: sent.id });
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
    await expect(people().withdrawInvitation({ id: sent.id })).rejects.toMatchObject(REFUSED);

    const waiting = await invited();
    await people().withdrawInvitation({ id: waiting.id });
    await deliver(waiting.id);
    expect(smtp.received).toHaveLength(1);
    expect(await keysOf(waiting.id)).toEqual([]);
  });

  it('does not outlive the person’s leaving', async () => {
    const { id } = await invited();
    await deliver(id);
    const token = arrivedToken();
    const api = callerFor(firm.admin);
    await api.handover.deactivate({ id, version: 1, toIds: [] });
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
    await api.people.reactivate({ id, version: 2 });
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
  });

  it('follows a corrected address, and no other link does', async () => {
    const { id } = await invited();
    await deliver(id);
    const token = arrivedToken();
    await people().update(await changed(firm, id, { email: `right${id}@firm.test` }));
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
    await deliver(id);
    expect(arrived().to).toBe(`right${id}@firm.test`);
    await accept(new Visitor(), arrivedToken());
  });

  it('sent again after an unknown fate carries another link under another id', async () => {
    const { id } = await invited();
    smtp.manner = 'drop after the mail';
    await deliver(id);
    smtp.manner = 'accept';
    const [mail] = await superuser`select id::int, state from mail_outbox where user_id = ${id}`;
    expect(mail?.state).toBe('unknown');
    await asSystem((tx) => sendMailAgain(tx, Number(mail?.id)));
    await deliver(id);
    const [stored] = await superuser`select message_id from mail_outbox where user_id = ${id}`;
    expect(messageIdArrived()).toMatch(/^<.+@firm.example>$/);
    expect(messageIdArrived()).not.toBe(stored?.message_id);
    await accept(new Visitor(), arrivedToken());
  });
});

describe('resetting a password', () => {
  it('mails a link; the present password works until another is chosen', async () => {
    const { userId, email } = await addAccount();
    const before = new Visitor();
    await before.signIn(email, PASSWORD);
    await people().resetPassword({ id: userId });
    await deliver(userId);
    await new Visitor().signIn(email, PASSWORD);
    await accept(new Visitor(), arrivedToken());
    expect(await before.isSignedIn()).toBe(false);
    await expect(new Visitor().signIn(email, PASSWORD)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await new Visitor().signIn(email, OWN);
  });

  it('is void once the person changes it himself', async () => {
    const { userId, email } = await addAccount();
    await people().resetPassword({ id: userId });
    await deliver(userId);
    const token = arrivedToken();
    const visitor = new Visitor();
    await visitor.signIn(email, PASSWORD);
    await (await visitor.api()).auth.changePassword({ current: PASSWORD, password: OWN });
    await expect(accept(new Visitor(), token)).rejects.toMatchObject(NOT_FOUND);
  });

  it('is for those who have one, and for others', async () => {
    const { id } = await invited();
    await expect(people().resetPassword({ id })).rejects.toMatchObject(REFUSED);
    await expect(people().resetPassword({ id: firm.admin.userId })).rejects.toMatchObject(REFUSED);
  });

  it('ending sessions signs somebody out everywhere, and is in the audit trail', async () => {
    const { userId, email } = await addAccount();
    const visitors = [new Visitor(), new Visitor()];
    for (const visitor of visitors) await visitor.signIn(email, PASSWORD);
    await people().endSessions({ id: userId });
    for (const visitor of visitors) expect(await visitor.isSignedIn()).toBe(false);
    const again = new Visitor();
    await again.signIn(email, PASSWORD);
    expect(await (await again.api()).auth.sessions.list()).toHaveLength(1);
    const [entry] = await superuser`select actor_id::int as actor from audit_log
      where table_name = 'accounts' and row_id = ${userId} and new_values ? 'sessions_valid_from'`;
    expect(entry?.actor).toBe(firm.admin.userId);
  });
});
