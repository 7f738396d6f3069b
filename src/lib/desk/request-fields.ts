import { z } from 'zod';
import { RuleViolation } from '#lib/platform/errors.ts';
import type { FieldKind } from './field-kinds.ts';

/** What a request of a type asks for beside its details, such as the new account number. */
export interface RequestField {
  key: string;
  label: string;
  kind: FieldKind;
  required: boolean;
}

/** A field as a request keeps it: the type may change later. Dates are `2026-11-21`, amounts decimal strings. */
export interface FilledField extends RequestField {
  value: string | null;
}

export const LONGEST_VALUE = 500;

const AMOUNT = /^\d{1,15}(\.\d{1,2})?$/;

/** What is wrong with a value for the field; null where it will do. */
export function fieldProblem({ kind, required }: RequestField, value: string): string | null {
  if (value === '') return required ? 'Fill this in' : null;
  if (kind === 'date') return z.iso.date().safeParse(value).success ? null : 'Write a date';
  if (kind === 'amount') return AMOUNT.test(value) ? null : 'Write an amount like 1250.50';
  if (kind === 'yes_no') return value === 'yes' || value === 'no' ? null : 'Choose yes or no';
  return value.length > LONGEST_VALUE ? `At most ${LONGEST_VALUE} characters` : null;
}

/** The problems of all fields by key; those that will do are left out. */
export function fieldProblems(
  fields: readonly RequestField[],
  given: Readonly<Record<string, string | null | undefined>>
): [key: string, problem: string][] {
  return fields.flatMap((field) => {
    const problem = fieldProblem(field, textOf(given[field.key]));
    return problem === null ? [] : [[field.key, problem] as [string, string]];
  });
}

const textOf = (value: string | null | undefined) => (value ?? '').trim();

/**
 * The fields with what was given for them. Throws RuleViolation naming the first field that is wrong, or a key
 * that the type does not ask for.
 */
export function fillFields(
  fields: readonly RequestField[],
  given: Readonly<Record<string, string | null | undefined>>
): FilledField[] {
  const unknown = Object.keys(given).find((key) => !fields.some((field) => field.key === key));
  if (unknown !== undefined) {
    const known = fields.map(({ key }) => key).join(', ');
    throw new RuleViolation(
      `A request of this type has no field “${unknown.slice(0, 60)}”. It has: ${known || 'none of its own'}.`
    );
  }
  const [first] = fieldProblems(fields, given);
  if (first) {
    const [key, problem] = first;
    const label = fields.find((field) => field.key === key)?.label ?? key;
    throw new RuleViolation(`${label}: ${problem}`, { field: `fields.${key}` });
  }
  return fields.map((field) => ({ ...field, value: textOf(given[field.key]) || null }));
}

/** A key for a label: `New account number` becomes `new_account_number`, and another one where that is taken. */
export function keyFor(label: string, taken: readonly string[]): string {
  const words = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 36);
  const base = /^[a-z]/.test(words) ? words : `field_${words}`.replace(/_$/, '');
  let key = base;
  for (let n = 2; taken.includes(key); n++) key = `${base}_${n}`;
  return key;
}
