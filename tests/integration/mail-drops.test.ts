import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { listMail } from '#lib/platform/mail/history.server.ts';
import { messageIdOf, queueMail } from '#lib/platform/mail/outbox.server.ts';
import { MOST_ATTEMPTS, sendMail, sweepMail } from '#lib/platform/mail/sending.server.ts';
import { deliver } from '#lib/platform/mail/smtp.server.ts';
import { queueDigest, startMailRig, type MailRig } from '../support/mail-rig.ts';
import type { Manner, TestSmtp } from '../support/smtp.ts';

const KEY = 'digest:42';

let rig: MailRig;
let admin: MailRig['admin'];
let smtp: TestSmtp;

beforeAll(async () => {
  rig = await startMailRig();
  ({ admin, smtp } = rig);
});

afterAll(() => rig?.stop());

beforeEach(async () => {
  await admin`truncate mail_outbox, job_outbox`;
  Object.assign(smtp, { manner: 'accept', choose: null });
  smtp.received.length = 0;
});

const queue = (key = KEY) => queueDigest(key);

const mail = async () => (await admin`select * from mail_outbox where key = ${KEY}`)[0];
const timesReceived = (key: string) =>
  smtp.received.filter((raw) => raw.includes(`Message-ID: ${messageIdOf(key)}`)).length;

async function sendUnder(manner: Manner) {
  smtp.manner = manner;
  await sendMail(KEY);
}

describe('a connection that breaks', () => {
  const before: Manner[] = ['drop at once', 'drop before the mail'];
  test.each(before)('before the server has any of it (%s): sent again, and arrives once', async (manner) => {
    await queue();
    await sendUnder(manner);
    expect(await mail()).toMatchObject({ state: 'pending', attempts: 1, handed_over_at: null });
    await admin`update mail_outbox set next_attempt_at = now()`;
    await sendUnder('accept');
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 2 });
    expect(timesReceived(KEY)).toBe(1);
  });

  const after: [Manner, number][] = [
    ['drop within the mail', 0],
    ['drop after the mail', 0],
    ['lose the answer', 1]
  ];
  test.each(after)(
    'once it may have it (%s): of unknown fate, shown, and not sent again',
    async (manner, taken) => {
      await queue();
      await sendUnder(manner);
      expect(await mail()).toMatchObject({ state: 'unknown', attempts: 1 });
      await admin`update mail_outbox set next_attempt_at = now() - interval '1 day', sending_at = now() - interval '1 day'`;
      smtp.manner = 'accept';
      expect(await sweepMail()).toEqual({ unknown: 0, woken: 0 });
      await sendMail(KEY);
      expect(timesReceived(KEY)).toBe(taken);
      const listed = await asSystem((tx) => listMail(tx, { filter: { state: 'unknown' } }));
      expect(listed).toMatchObject({ total: 1, attention: { unknown: 1, parked: 0 } });
    }
  );
});

describe('a mail server', () => {
  const listen = async (server: Server): Promise<string> => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const message = {
    ...{ from: 'crm@firm.example', to: 'head@firm.example', subject: 'Good morning' },
    ...{ text: 'Hello', html: '<p>Hello</p>', messageId: '<1@firm.example>' }
  };
  const nothing = () => Promise.reject(new Error('It must not come to this'));

  test('that is not there has nothing of the mail', async () => {
    const server = createServer();
    const url = await listen(server);
    server.close();
    const delivery = await deliver(url, message, nothing);
    expect(delivery).toMatchObject({
      outcome: 'deferred',
      error: expect.stringContaining('ECONNREFUSED') as string
    });
  });

  test('that says nothing has nothing of the mail', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    const delivery = await deliver(`${await listen(server)}?greetingTimeout=200`, message, nothing);
    for (const socket of sockets) socket.destroy();
    server.close();
    expect(delivery).toMatchObject({
      outcome: 'deferred',
      error: expect.stringMatching(/greeting/i) as string
    });
  });

  test('that refuses for now is tried again, and the mail is parked in the end and shown', async () => {
    await queue();
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      expect(await mail()).toMatchObject({ state: 'pending', attempts: attempt - 1 });
      await admin`update mail_outbox set next_attempt_at = now()`;
      await sendUnder({ refuse: 451, at: 'recipient' });
    }
    expect(await mail()).toMatchObject({ state: 'parked', attempts: MOST_ATTEMPTS });
    expect((await mail())?.last_error).toContain('451');
    expect((await asSystem((tx) => listMail(tx, {}))).attention).toEqual({ unknown: 0, parked: 1 });
  });
});

describe('a worker that is killed', () => {
  async function dieAt(point: string, manner: Manner = 'accept') {
    await queue();
    smtp.manner = manner;
    const sender = spawn(process.execPath, ['tests/support/parts/mail-sender.ts', KEY, point], {
      stdio: 'inherit'
    });
    const [, signal] = (await once(sender, 'exit')) as [number | null, string | null];
    expect(signal, `it came to "${point}"`).toBe('SIGKILL');
  }
  const sweepLater = async () => {
    await admin`update mail_outbox set sending_at = now() - interval '6 minutes' where state = 'sending'`;
    return sweepMail();
  };

  test('before the server has any of the mail leaves it to be sent, once', async () => {
    await dieAt('mail claimed');
    expect(await mail()).toMatchObject({ state: 'sending', handed_over_at: null });
    expect(await sweepMail(), 'it may still be alive').toEqual({ unknown: 0, woken: 0 });
    expect(await sweepLater()).toEqual({ unknown: 0, woken: 1 });
    await sendMail(KEY);
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 2 });
    expect(timesReceived(KEY)).toBe(1);
  });

  test.each([
    ['mail handed over', 0],
    ['mail accepted', 1]
  ])('once the server may have it (%s) leaves it of unknown fate', async (point, taken) => {
    await dieAt(point);
    expect(await mail()).toMatchObject({ state: 'sending', handed_over_at: expect.any(Date) as Date });
    expect(await sweepLater()).toEqual({ unknown: 1, woken: 0 });
    await sendMail(KEY);
    expect(await mail()).toMatchObject({ state: 'unknown', attempts: 1 });
    expect(timesReceived(KEY)).toBe(taken);
  });

  test('after it wrote down how it went leaves nothing to do', async () => {
    await dieAt('mail recorded');
    expect(await mail()).toMatchObject({ state: 'sent' });
    expect(await sweepLater()).toEqual({ unknown: 0, woken: 0 });
    expect(timesReceived(KEY)).toBe(1);
  });

  test('and was only slow sends nothing once the mail was taken from it', async () => {
    await queue();
    // The sweep takes it for dead before it says DATA.
    smtp.choose = async (): Promise<Manner> => {
      await admin`update mail_outbox set state = 'pending' where state = 'sending'`;
      return 'accept';
    };
    await sendMail(KEY);
    expect(timesReceived(KEY)).toBe(0);
    expect(await mail()).toMatchObject({ state: 'pending', attempts: 1 });
  });
});

test('words that stand for a one-time link in what another mail tells of do not stop it', async () => {
  await asSystem((tx) =>
    queueMail(tx, {
      ...{ key: KEY, userId: null, to: 'head@firm.example', subject: 'SR-1 is overdue', kind: 'escalation' },
      ...{ text: 'A query about made-when-this-mail-is-sent', html: '<p>made-when-this-mail-is-sent</p>' }
    })
  );
  await sendMail(KEY);
  expect(await mail()).toMatchObject({ state: 'sent' });
  expect(timesReceived(KEY)).toBe(1);
});
