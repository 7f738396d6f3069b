import postgres from 'postgres';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { useTestDatabase } from './database.ts';
import { startSmtp } from './smtp.ts';

/** A mail server to which this process sends, and a superuser's connection to the database of its own that it uses. */
export async function startMailRig() {
  const smtp = await startSmtp();
  const database = await useTestDatabase();
  Object.assign(process.env, { SMTP_URL: smtp.url, MAIL_FROM: 'Rapport <crm@firm.example>' });
  const admin = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined });
  const stop = async () => {
    await closeDatabase();
    await admin.end();
    await smtp.close();
    await database.drop();
  };
  return { smtp, admin, stop };
}

export type MailRig = Awaited<ReturnType<typeof startMailRig>>;

/** A mail to a head, with that key. */
export const queueDigest = (key: string, subject = 'Good morning') =>
  asSystem((tx) =>
    queueMail(tx, {
      ...{ key, userId: null, to: 'head@firm.example', subject, kind: 'digest' },
      ...{ text: 'Two requests are overdue.', html: '<p>Two requests are overdue.</p>' }
    })
  );
