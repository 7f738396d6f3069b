import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { RuleViolation } from '#lib/platform/errors.ts';
import type { ContactKind } from './model.ts';

const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/;

/** An e-mail address as it is compared: in lower case. Null when the text is none. */
export function emailKey(text: string): string | null {
  const email = text.trim().toLowerCase();
  return EMAIL.test(email) ? email : null;
}

/** A number as it is compared: E.164, read as Indian without a country code. Null when the text is none. */
export function phoneKey(text: string): string | null {
  const number = parsePhoneNumberFromString(text, 'IN');
  return number?.isPossible() ? number.number : null;
}

/** The key of a contact point's value. Throws RuleViolation when the value is no address or number. */
export function valueKey(kind: ContactKind, value: string): string {
  const key = kind === 'email' ? emailKey(value) : phoneKey(value);
  if (key) return key;
  throw new RuleViolation(
    kind === 'email'
      ? 'An e-mail address looks like name@example.com'
      : 'A phone number has ten digits, or begins with + and the country'
  );
}
