import * as z from 'zod';
import { fromLocalInput } from './format.ts';

/** Hidden input by which a form says in which zone its dates with times are meant. */
export const ZONE_FIELD = '-zone';

type Shape = z.core.$ZodType;

interface Kind {
  base: Shape;
  optional: boolean;
  nullable: boolean;
}

function kindOf(schema: Shape): Kind {
  let base = schema;
  let optional = false;
  let nullable = false;
  for (;;) {
    const def = (base as z.core.$ZodTypes)._zod.def;
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') optional = true;
    else if (def.type === 'nullable') nullable = true;
    else if (def.type === 'pipe') {
      base = def.in;
      continue;
    } else return { base, optional, nullable };
    base = def.innerType;
  }
}

/**
 * What a posted form means to a flat strict zod object, ready for its parse: text becomes numbers, booleans and
 * dates where the schema says so; an empty field is left out (optional), null (nullable) or '' (required text).
 * Names with dots fill nested objects, and with numbers rows of them (`steps.0.tell`; a number that is left out is a row
 * of which nothing was sent). What the schema does not name is ignored; a name that the form does not
 * have is left out, except that a checkbox which is not ticked is not sent and so means false.
 */
export function readForm(schema: z.ZodObject, form: FormData, prefix = ''): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    const value = readField(kindOf(field as Shape), form, prefix + key);
    if (value !== undefined) input[key] = value;
  }
  return input;
}

function readField({ base, optional, nullable }: Kind, form: FormData, name: string): unknown {
  const def = (base as z.core.$ZodTypes)._zod.def;
  if (def.type === 'object') {
    const nested = readForm(base as z.ZodObject, form, `${name}.`);
    return optional && Object.keys(nested).length === 0 ? undefined : nested;
  }
  if (def.type === 'array') return readMany(def.element, form, name, optional);
  if (!form.has(name)) return def.type === 'boolean' && !optional ? false : undefined;
  const text = textOf(form, name);
  if (text !== '') return convert(def.type, text, form);
  if (nullable) return null;
  return !optional && def.type === 'string' ? '' : undefined;
}

function readMany(element: Shape, form: FormData, name: string, optional: boolean): unknown {
  const { base } = kindOf(element);
  if (base instanceof z.ZodObject) return readRows(base, form, name, optional);
  const texts = form
    .getAll(name)
    .filter((value): value is string => typeof value === 'string' && value !== '');
  if (texts.length === 0 && optional && !form.has(name)) return undefined;
  return texts.map((text) => convert((base as z.core.$ZodTypes)._zod.def.type, text, form));
}

/** More rows than any form has, for those that somebody makes up. */
const MOST_ROWS = 200;

function readRows(row: z.ZodObject, form: FormData, name: string, optional: boolean): unknown {
  const places = [...form.keys()]
    .filter((key) => key.startsWith(`${name}.`))
    .map((key) => Number.parseInt(key.slice(name.length + 1), 10))
    .filter((place) => place >= 0 && place < MOST_ROWS);
  if (places.length === 0) return optional ? undefined : [];
  return Array.from({ length: Math.max(...places) + 1 }, (_, place) =>
    readForm(row, form, `${name}.${place}.`)
  );
}

function textOf(form: FormData, name: string): string {
  // Browsers send the value of the last control of a name; a hidden fallback may stand before it.
  const value = form.getAll(name).at(-1);
  return typeof value === 'string' ? value.trim() : '';
}

function convert(type: string, text: string, form: FormData): unknown {
  if (type === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'boolean') return text !== 'false' && text !== '0';
  if (type === 'date') return fromLocalInput(text, textOf(form, ZONE_FIELD) || 'UTC');
  return text;
}

/** True when a field may not be left empty: the mark beside its label. */
export function isRequired(schema: z.ZodObject | undefined, name: string): boolean {
  const field = fieldAt(schema, name.split('.'));
  if (!field) return false;
  const { base, optional, nullable } = kindOf(field);
  if (optional || nullable) return false;
  const { type } = (base as z.core.$ZodTypes)._zod.def;
  if (type === 'boolean' || type === 'array') return false;
  return type !== 'string' || !z.safeParse(base, '').success;
}

function fieldAt(schema: z.ZodObject | undefined, path: string[]): Shape | undefined {
  const [head = '', ...rest] = path;
  const field = schema?.shape[head] as Shape | undefined;
  if (!field || rest.length === 0) return field;
  const { base } = kindOf(field);
  if (base instanceof z.ZodObject) return fieldAt(base, rest);
  const row = base instanceof z.ZodArray ? kindOf(base.element).base : undefined;
  return row instanceof z.ZodObject ? fieldAt(row, rest.slice(1)) : undefined;
}

/** Messages by field name; what belongs to no field is under ''. */
export function fieldErrors(error: z.core.$ZodError): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) {
    // The place of a row is part of its fields' names; a value of many has no field of its own.
    const last = issue.path.findLastIndex((part) => typeof part === 'string');
    const name = issue.path.slice(0, last + 1).join('.');
    (errors[name] ??= []).push(sentence(issue));
  }
  return errors;
}

/** Zod's own words are for programmers; those the domain wrote itself pass through. */
function sentence(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message)) return issue.message;
  if (issue.code === 'too_small' && issue.origin === 'string') {
    return Number(issue.minimum) <= 1 ? 'Fill this in' : `At least ${issue.minimum} characters`;
  }
  if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${issue.maximum} characters`;
  if (issue.code === 'too_small') return `At least ${issue.minimum}`;
  if (issue.code === 'too_big') return `At most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'Fill this in';
  if (issue.code === 'invalid_format') return formatProblem(issue.format);
  return issue.code === 'invalid_value' ? 'Choose one of the list' : 'This does not look right';
}

function formatProblem(format: string): string {
  if (format === 'email') return 'Write an address like name@example.com';
  if (format === 'date') return 'Write a date';
  return 'This does not look right';
}
