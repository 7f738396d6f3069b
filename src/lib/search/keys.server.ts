import { emailKey, phoneKey } from '#lib/clients/contact.server.ts';
import { panIndexOf } from '#lib/platform/crypto/pan.server.ts';

/** What was typed, as the things it may identify are compared. */
export interface Keys {
  /** Whole addresses and numbers. */
  points: string[];
  /** The beginning of an e-mail address. */
  address: string | null;
  /** Keyed index of a PAN. */
  pan: string | null;
}

const LEAST_DIGITS = 7;
const PAN = /^[A-Z]{5}\d{4}[A-Z]$/;

/** Null where the text identifies nobody by itself. */
export function keysOf(text: string): Keys | null {
  const email = emailKey(text);
  const phone = text.replaceAll(/\D/g, '').length >= LEAST_DIGITS ? phoneKey(text) : null;
  const whole = text.replaceAll(/[\s-]/g, '').toUpperCase();
  const points = [email, phone].filter((key) => key !== null);
  const address = /^\S{3,}$/.test(text) && /[@._\d]/.test(text) ? text.toLowerCase() : null;
  const pan = PAN.test(whole) ? panIndexOf(whole) : null;
  return points.length > 0 || address !== null || pan !== null ? { points, address, pan } : null;
}
