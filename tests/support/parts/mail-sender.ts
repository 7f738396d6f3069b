import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { sendMail } from '#lib/platform/mail/sending.server.ts';

/** Sends the mail whose key is the first argument, in a process of its own that a test may kill. */
await sendMail(process.argv[2] ?? '');
await closeDatabase();
