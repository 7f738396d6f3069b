import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { within } from '#lib/platform/jobs/deadline.ts';
import type { MailFile } from './states.ts';

export interface Message {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  file?: MailFile | null;
  messageId: string;
}

/**
 * `refused` is final, `deferred` may be tried again: the server does not have the mail. After `unknown` nobody can
 * say whether it has, so nobody may send it again without looking.
 */
export type Delivery = { outcome: 'sent' } | { outcome: 'refused' | 'deferred' | 'unknown'; error: string };

/** Milliseconds for one mail from the first packet to the last. */
const DEADLINE = 120_000;

/** Answers to these are about this mail; others are about the server or our credentials. */
const ABOUT_THE_MAIL = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

interface SmtpError extends Error {
  responseCode?: number;
  command?: string;
}

/**
 * Hands one mail to the server at an `smtp://` or `smtps://` address. Never throws. `begin` is awaited once the server
 * wants the text and before it gets any: from then on it may have the mail. Where `begin` throws, it gets none.
 */
export async function deliver(
  smtpUrl: string,
  message: Message,
  begin: () => Promise<void>
): Promise<Delivery> {
  const content = { handedOver: false };
  const connection = new SMTPConnection(connectionOptions(smtpUrl));
  try {
    await within(DEADLINE, 'The mail server', converse(connection, smtpUrl, message, { content, begin }));
    return { outcome: 'sent' };
  } catch (error) {
    return judge(error as SmtpError, content.handedOver);
  } finally {
    connection.close();
  }
}

interface Handover {
  content: { handedOver: boolean };
  begin: () => Promise<void>;
}

async function converse(
  connection: SMTPConnection,
  smtpUrl: string,
  { file, ...message }: Message,
  handover: Handover
): Promise<void> {
  const composer = new MailComposer({
    ...message,
    attachments: file
      ? [{ filename: file.name, contentType: `${file.type}; charset=utf-8`, content: file.text }]
      : [],
    headers: { 'Auto-Submitted': 'auto-generated' }
  }).compile();
  const raw = await composer.build();
  const failed = new Promise<never>((_, reject) => connection.once('error', reject));
  const spoken = async () => {
    await new Promise<void>((resolve, reject) =>
      connection.connect((error) => (error ? reject(error) : resolve()))
    );
    const { username, password } = new URL(smtpUrl);
    if (username) await login(connection, decodeURIComponent(username), decodeURIComponent(password));
    await send(connection, composer.getEnvelope(), raw, handover);
  };
  await Promise.race([spoken(), failed]);
}

function login(connection: SMTPConnection, user: string, pass: string): Promise<void> {
  return new Promise((resolve, reject) =>
    connection.login({ user, pass, credentials: { user, pass } }, (error) =>
      error ? reject(error) : resolve()
    )
  );
}

function send(
  connection: SMTPConnection,
  envelope: Parameters<SMTPConnection['send']>[0],
  raw: Buffer,
  { content, begin }: Handover
): Promise<void> {
  // Read only after the server has answered DATA.
  const body = Readable.from(
    (async function* () {
      await begin();
      content.handedOver = true;
      yield raw;
    })()
  );
  return new Promise((resolve, reject) =>
    connection.send(envelope, body, (error) => (error ? reject(error) : resolve()))
  );
}

function judge(error: SmtpError, handedOver: boolean): Delivery {
  const text = error.message.split('\n')[0]?.slice(0, 500) ?? 'Unknown error';
  if (error.responseCode === undefined) return { outcome: handedOver ? 'unknown' : 'deferred', error: text };
  const final = error.responseCode >= 500 && ABOUT_THE_MAIL.has(error.command ?? '');
  return { outcome: final ? 'refused' : 'deferred', error: text };
}

/** Understands `?ignoreTLS=true`, `?requireTLS=true`, `?tls.rejectUnauthorized=false` and `?greetingTimeout=30000` (milliseconds). */
function connectionOptions(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const said = (name: string) => url.searchParams.get(name);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ignoreTLS: said('ignoreTLS') === 'true',
    requireTLS: said('requireTLS') === 'true',
    tls: { rejectUnauthorized: said('tls.rejectUnauthorized') !== 'false' },
    connectionTimeout: 10_000,
    greetingTimeout: Number(said('greetingTimeout')) || 10_000,
    socketTimeout: 60_000
  };
}
