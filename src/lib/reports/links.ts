import type { z } from 'zod';
import { rowsInput, type Narrowing } from './model.ts';

const fields = rowsInput.shape;
type Field = keyof typeof fields;

/** As the procedure takes it: ids are numbers, flags true or false. */
function meant(text: string): (string | number | boolean)[] {
  if (text === 'true' || text === 'false') return [text === 'true', text];
  return /^\d{1,15}$/.test(text) ? [Number(text), text] : [text];
}

function valueOf(field: Field, text: string | null): unknown {
  if (text === null || text === '') return undefined;
  const schema: z.ZodType = fields[field];
  return meant(text).find((value) => schema.safeParse(value).success);
}

/** The parts of the address that a report knows; what cannot be understood counts as not given. */
export function filterIn<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  { searchParams }: URL
): z.infer<z.ZodObject<Shape>> {
  const names = Object.keys(schema.shape).filter((name): name is Field => name in fields);
  const found = names.map((name) => [name, valueOf(name, searchParams.get(name))] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as z.infer<z.ZodObject<Shape>>;
}

/** The list behind a figure. */
export function rowsHref(rows: Narrowing): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rows)) if (value !== undefined) params.set(name, String(value));
  return `/reports/rows?${params.toString()}`;
}
