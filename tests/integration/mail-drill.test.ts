import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { listMail } from '#lib/platform/mail/history.server.ts';
import { messageIdOf } from '#lib/platform/mail/outbox.server.ts';
import { sendMail } from '#lib/platform/mail/sending.server.ts';
import { queueDigest, startMailRig, type MailRig } from '../support/mail-rig.ts';
import { randomFrom } from '../support/random.ts';
import type { Manner, TestSmtp } from '../support/smtp.ts';

const MAILS = process.env.RAPPORT_DRILL === 'full' ? 3_000 : 300;
const AT_ONCE = 8;
const SEED = 20_261_120;

let rig: MailRig;
let admin: MailRig['admin'];
let smtp: TestSmtp;

beforeAll(async () => {
  rig = await startMailRig();
  ({ admin, smtp } = rig);
});

afterAll(() => rig?.stop());

/** Of a hundred connections. */
const MANNERS: [Manner, number][] = [
  ['accept', 40],
  ['drop at once', 10],
  ['drop before the mail', 10],
  ['drop within the mail', 6],
  ['drop after the mail', 6],
  ['lose the answer', 6],
  [{ refuse: 451, at: 'sender' }, 6],
  [{ refuse: 452, at: 'mail' }, 6],
  [{ refuse: 550, at: 'recipient' }, 5],
  [{ refuse: 554, at: 'mail' }, 5]
];

test(`of ${MAILS} mails whose connections break and are refused at random: each is sent, of unknown fate or parked, and none arrives twice`, async () => {
  const random = randomFrom(SEED);
  smtp.choose = () => {
    let at = random.next() * 100;
    return MANNERS.find(([, share]) => (at -= share) < 0)?.[0] ?? 'accept';
  };
  const keys = Array.from({ length: MAILS }, (_, n) => `drill:${n}`);
  for (const key of keys) await queueDigest(key);
  let rounds = 0;
  for (let waiting = keys; waiting.length > 0; rounds += 1) {
    await sendAll(waiting);
    await admin`update mail_outbox set next_attempt_at = now() where state = 'pending'`;
    const rows = await admin<{ key: string }[]>`select key from mail_outbox where state = 'pending'`;
    waiting = rows.map(({ key }) => key);
  }
  const rows = await admin<{ key: string; state: string }[]>`select key, state from mail_outbox`;
  const taken = new Map<string, number>();
  for (const raw of smtp.received) {
    const id = /^Message-ID: (.+)$/im.exec(raw)?.[1]?.trim() ?? '';
    taken.set(id, (taken.get(id) ?? 0) + 1);
  }
  const times = (key: string) => taken.get(messageIdOf(key)) ?? 0;
  const of = (state: string) => rows.filter((row) => row.state === state);
  expect(rows).toHaveLength(MAILS);
  expect(rows.filter(({ state }) => !['sent', 'unknown', 'parked'].includes(state))).toEqual([]);
  expect(of('sent').filter(({ key }) => times(key) !== 1)).toEqual([]);
  expect(of('unknown').filter(({ key }) => times(key) > 1)).toEqual([]);
  expect(of('parked').filter(({ key }) => times(key) > 0)).toEqual([]);
  for (const state of ['sent', 'unknown', 'parked']) expect(of(state).length).toBeGreaterThan(0);
  const { attention } = await asSystem((tx) => listMail(tx, {}));
  expect(attention).toEqual({ unknown: of('unknown').length, parked: of('parked').length });
  process.stdout.write(
    `${MAILS} mails in ${rounds} rounds: ${of('sent').length} sent, ${of('unknown').length} of unknown fate ` +
      `(${of('unknown').filter(({ key }) => times(key) === 1).length} had arrived), ${of('parked').length} parked\n`
  );
}, 600_000);

/** Several workers, each mail tried by two of them. */
async function sendAll(keys: string[]): Promise<void> {
  const jobs = keys.flatMap((key) => [key, key]);
  const worker = async () => {
    for (let key = jobs.pop(); key !== undefined; key = jobs.pop()) await sendMail(key);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
