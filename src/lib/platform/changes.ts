import { RuleViolation } from './errors.ts';

/** What a command answers: enough to go to the record and to change it again. */
export interface Changed {
  id: number;
  number: string;
  status: string;
  version: number;
}

/** A change whose version is not known, as where many are changed at once. */
export type Unversioned<Input extends { version: number }> = Omit<Input, 'version'> & {
  version?: number | undefined;
};

interface Chosen {
  id?: number | undefined;
  ids?: number[] | undefined;
  version?: number | undefined;
}

/**
 * One or many records to change, in one order always, so that two people who change many at once do not wait for
 * each other for ever. The version is that of the single one.
 */
export function targetsOf({ id, ids = [], version }: Chosen): { id: number; version: number | undefined }[] {
  const chosen = [...new Set([...(id === undefined ? [] : [id]), ...ids])].sort((a, b) => a - b);
  if (chosen.length === 0) throw new RuleViolation('Please choose at least one');
  return chosen.map((each) => ({ id: each, version: each === id ? version : undefined }));
}

/** A form sends an empty text for a field that is empty; undefined leaves the field alone. */
export const blankToNull = (text: string | null | undefined) => (text === '' ? null : text);
