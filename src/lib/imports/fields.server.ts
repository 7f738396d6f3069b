import { BadRow } from './csv.server.ts';

const LONGEST_NAME = 200;

/** Exports write a missing value as nothing or as the word null. */
export function isMissing(text: string): boolean {
  return text === '' || text.toLowerCase() === 'null';
}

/** A name that must be there. Throws a BadRow. */
export function requiredName(column: string, text: string): string {
  if (isMissing(text)) throw new BadRow(`${column} is missing`);
  if (text.length > LONGEST_NAME) throw new BadRow(`${column} is longer than ${LONGEST_NAME} characters`);
  return text;
}

/** `DD-MM-YYYY` as `YYYY-MM-DD`, or null where there is none. Throws a BadRow for anything else. */
export function optionalDate(column: string, text: string): string | null {
  if (isMissing(text)) return null;
  const [, day, month, year] = /^(\d{2})-(\d{2})-((?:19|20)\d{2})$/.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  const moment = new Date(`${date}T00:00:00Z`);
  if (!day || Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date)
    throw new BadRow(`${column} is no date of the form DD-MM-YYYY: ${shown(text)}`);
  return date;
}

/** An amount of zero or more as exact text, or null where there is none. Throws a BadRow for anything else. */
export function optionalAmount(column: string, text: string): string | null {
  if (isMissing(text)) return null;
  if (!/^\d{1,15}(\.\d{1,2})?$/.test(text))
    throw new BadRow(`${column} is no amount of zero or more: ${shown(text)}`);
  return text;
}

/** A value of the file as a reason shows it. */
export function shown(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
