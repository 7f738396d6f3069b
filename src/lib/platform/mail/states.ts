/**
 * `pending` waits to be sent, also where no mail server is configured; `sending` is with the server right now;
 * `unknown` was cut off on the way and may have arrived or not; `parked` was refused for good.
 */
export const MAIL_STATES = ['pending', 'sending', 'sent', 'unknown', 'parked'] as const;

export type MailState = (typeof MAIL_STATES)[number];

/** A text file that a mail carries, such as a CSV. */
export interface MailFile {
  name: string;
  /** A MIME type without its charset, which is UTF-8. */
  type: string;
  text: string;
}
