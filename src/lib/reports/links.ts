import type { z } from 'zod';
import type { Narrowing } from './model.ts';

/** As the procedure takes it: ids are numbers, flags true or false. */
function meant(text: string): (string | number | boolean)[] {
  if (text === 'true' || text === 'false') return [text === 'true', text];
  return /^\d{1,15}$/.test(text) ? [Number(text), text] : [text];
}

function valueOf(schema: z.ZodType, text: string | null): unknown {
  if (text === null || text === '') return undefined;
  return meant(text).find((value) => schema.safeParse(value).success);
}

/** The parts of the address that a report knows; what cannot be understood counts as not given. */
export function filterIn<Schema extends z.ZodObject>(
  { shape }: Schema,
  { searchParams }: URL
): Partial<z.infer<Schema>> {
  const found = Object.entries(shape).map(
    ([name, schema]) => [name, valueOf(schema as z.ZodType, searchParams.get(name))] as const
  );
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<z.infer<Schema>>;
}

/** The list behind a figure. */
export function rowsHref(rows: Narrowing): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(rows)) if (value !== undefined) params.set(name, String(value));
  return `/reports/rows?${params.toString()}`;
}
