import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { messageIdOf, queueMail } from '#lib/platform/mail/outbox.server.ts';
import { MOST_ATTEMPTS, sendMail, sweepMail, waitAfter } from '#lib/platform/mail/sending.server.ts';
import { queueDigest, startMailRig, type MailRig } from '../support/mail-rig.ts';
import type { TestSmtp } from '../support/smtp.ts';

const KEY = 'digest:2026-11-20:7';

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
  smtp.manner = 'accept';
  smtp.received.length = 0;
  await queue();
});

const queue = (subject?: string) => queueDigest(KEY, subject);

const mail = async () => (await admin`select * from mail_outbox where key = ${KEY}`)[0];
const sendUnder = async (manner: TestSmtp['manner']) => {
  smtp.manner = manner;
  await sendMail(KEY);
};

describe('a mail in the outbox', () => {
  test('is there once however often it is queued', async () => {
    await queue('Another one');
    expect(await admin`select subject from mail_outbox`).toEqual([{ subject: 'Good morning' }]);
  });

  test('brings its file along, letter by letter', async () => {
    await admin`truncate mail_outbox, job_outbox`;
    const text = 'RM;Leads\nMüller अ;3\n';
    const file = { name: 'pipeline-2026-11-19.csv', type: 'text/csv', text };
    const about = {
      key: KEY,
      userId: null,
      to: 'head@firm.example',
      subject: 'Good morning',
      kind: 'digest'
    };
    await asSystem((tx) => queueMail(tx, { ...about, text: 'Hello', html: '<p>Hello</p>', file }));
    await sendMail(KEY);
    const received = smtp.received.join('');
    expect(received).toContain('filename=pipeline-2026-11-19.csv');
    expect(received.replaceAll('\r\n', '')).toContain(Buffer.from(text).toString('base64'));
  });

  test('is not there when its transaction was undone', async () => {
    await admin`truncate mail_outbox, job_outbox`;
    const undone = asSystem(async (tx) => {
      await queueMail(tx, {
        key: 'x',
        userId: null,
        to: 'a@b.example',
        subject: '',
        text: '',
        html: '',
        kind: 'digest'
      });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await admin`select 1 from mail_outbox union all select 1 from job_outbox`).toHaveLength(0);
  });

  test('has the same Message-ID at every attempt, under the domain of the firm', () => {
    expect(messageIdOf(KEY)).toMatch(/^<[0-9a-f]{40}@firm\.example>$/);
    expect(messageIdOf(KEY)).toBe(messageIdOf(KEY));
    expect(messageIdOf(KEY)).not.toBe(messageIdOf(`${KEY}0`));
  });
});

describe('sending', () => {
  test('hands the mail over with both parts', async () => {
    await sendUnder('accept');
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 1, last_error: null });
    expect((await mail())?.sent_at).toBeInstanceOf(Date);
    const [raw = ''] = smtp.received;
    expect(raw).toContain(`Message-ID: ${messageIdOf(KEY)}`);
    expect(raw).toContain('From: Rapport <crm@firm.example>');
    expect(raw).toContain('To: head@firm.example');
    expect(raw).toContain('Subject: Good morning');
    expect(raw).toContain('Content-Type: text/plain');
    expect(raw).toContain('Content-Type: text/html');
    expect(raw).toContain('Two requests are overdue.');
  });

  test('is done once when two workers have the same job', async () => {
    await Promise.all([sendMail(KEY), sendMail(KEY), sendMail(KEY)]);
    await sendMail(KEY);
    expect(smtp.received).toHaveLength(1);
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 1 });
  });

  test('is tried again after a connection that broke before the mail', async () => {
    await sendUnder('drop before the mail');
    expect(await mail()).toMatchObject({ state: 'pending', attempts: 1 });
    expect(Number((await mail())?.next_attempt_at) - Date.now()).toBeGreaterThan(50_000);
    await sendUnder('accept');
    expect(smtp.received, 'it is not due yet').toHaveLength(0);
    await admin`update mail_outbox set next_attempt_at = now()`;
    await sendMail(KEY);
    expect(smtp.received).toHaveLength(1);
    expect(await mail()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('leaves a mail whose connection broke after it as unknown, and does not repeat it', async () => {
    await sendUnder('drop after the mail');
    expect(await mail()).toMatchObject({
      state: 'unknown',
      attempts: 1,
      last_error: expect.any(String) as string
    });
    await sendUnder('accept');
    await sweepMail();
    expect(smtp.received).toHaveLength(0);
    expect(await mail()).toMatchObject({ state: 'unknown', attempts: 1 });
  });

  test.each(['sender', 'recipient', 'mail'] as const)(
    'tries again when the server defers it at the %s',
    async (at) => {
      await sendUnder({ refuse: 451, at });
      expect(await mail()).toMatchObject({ state: 'pending', attempts: 1 });
      expect((await mail())?.last_error).toContain('451');
      const [job] = await admin`select run_at from job_outbox where job = 'mail.send' order by id desc`;
      expect(Number(job?.run_at)).toBe(Number((await mail())?.next_attempt_at));
    }
  );

  test.each(['sender', 'recipient', 'mail'] as const)(
    'parks what the server refuses at the %s',
    async (at) => {
      await sendUnder({ refuse: 550, at });
      expect(await mail()).toMatchObject({ state: 'parked', attempts: 1 });
      expect((await mail())?.last_error).toContain('550');
    }
  );

  test('parks a mail that was deferred too often', async () => {
    await admin`update mail_outbox set attempts = ${MOST_ATTEMPTS - 1}`;
    await sendUnder({ refuse: 451, at: 'recipient' });
    expect(await mail()).toMatchObject({ state: 'parked', attempts: MOST_ATTEMPTS });
  });

  test('waits longer each time, two hours at most', () => {
    expect([1, 2, 3, 12].map(waitAfter)).toEqual([60_000, 120_000, 240_000, 7_200_000]);
  });

  test('that was cut off by a crash ends as unknown', async () => {
    const seen = smtp.seen();
    smtp.manner = 'hang after the mail';
    const sender = spawn(process.execPath, ['tests/support/parts/mail-sender.ts', KEY], { stdio: 'inherit' });
    await vi.waitFor(() => expect(smtp.seen()).toBe(seen + 1), { timeout: 20_000 });
    sender.kill('SIGKILL');
    await once(sender, 'exit');
    await sendUnder('accept');
    expect(await mail()).toMatchObject({ state: 'sending' });
    expect(await sweepMail()).toEqual({ unknown: 0, woken: 0 });
    await admin`update mail_outbox set sending_at = now() - interval '6 minutes'`;
    expect(await sweepMail()).toEqual({ unknown: 1, woken: 0 });
    expect(await mail()).toMatchObject({ state: 'unknown', last_error: 'The worker stopped while sending' });
    expect(smtp.received).toHaveLength(0);
  });
});

test('the sweep wakes due mail that no job stands for', async () => {
  await admin`truncate job_outbox`;
  await admin`update mail_outbox set next_attempt_at = now() - interval '1 hour'`;
  expect(await sweepMail()).toEqual({ unknown: 0, woken: 1 });
  expect(await admin`select job, payload from job_outbox`).toEqual([
    { job: 'mail.send', payload: { key: KEY } }
  ]);
});
