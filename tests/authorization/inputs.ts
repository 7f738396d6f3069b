import type { procedures } from './answers.ts';

interface Definition {
  type: string;
  shape?: Record<string, Schema>;
  element?: Schema;
  innerType?: Schema;
  options?: Schema[];
  in?: Schema;
  out?: Schema;
  valueType?: Schema;
  values?: unknown[];
}

/** What of zod 4 tells how an input is built. */
export interface Schema {
  def: Definition;
  safeParse: (value: unknown) => { success: boolean; error?: { issues: unknown[] } };
}

/** Where in an input something is: names of fields, `*` for each of an array. */
export type Path = string[];

export interface Leaf {
  path: Path;
  type: string;
}

const wrapped = ({ innerType, in: input, out, type }: Definition): Schema | undefined =>
  type === 'pipe' ? (input?.def.type === 'transform' ? out : input) : innerType;

/** Every field of an input, nested ones too. */
export function leavesOf(schema: Schema, path: Path = []): Leaf[] {
  const { def } = schema;
  const inner = wrapped(def);
  if (inner) return leavesOf(inner, path);
  if (def.shape)
    return Object.entries(def.shape).flatMap(([name, field]) => leavesOf(field, [...path, name]));
  if (def.element) return leavesOf(def.element, [...path, '*']);
  if (def.options) return def.options.flatMap((option) => leavesOf(option, path));
  if (def.valueType) return leavesOf(def.valueType, [...path, '*']);
  return [{ path, type: def.type }];
}

/** What an input must say at a place for one of several shapes to be meant. */
interface Choice {
  path: Path;
  value: unknown;
}

export interface Named {
  path: Path;
  /** The names the object takes. */
  fields: string[];
  /** What makes an input one that has this object. */
  choices: Choice[];
}

/** Every object in an input that takes named fields, each shape of it on its own. */
export function objectsOf(schema: Schema, path: Path = []): Named[] {
  const { def } = schema;
  const inner = wrapped(def);
  if (inner) return objectsOf(inner, path);
  if (def.element) return objectsOf(def.element, [...path, '*']);
  if (def.options) return def.options.flatMap((option) => chosen(objectsOf(option, path), option, path));
  if (!def.shape) return [];
  const nested = Object.entries(def.shape).flatMap(([name, field]) => objectsOf(field, [...path, name]));
  return [{ path, fields: Object.keys(def.shape), choices: [] }, ...nested];
}

function chosen(objects: Named[], { def }: Schema, path: Path): Named[] {
  const choices = Object.entries(def.shape ?? {}).flatMap(([name, field]) =>
    field.def.type === 'literal' ? [{ path: [...path, name], value: field.def.values?.[0] }] : []
  );
  return objects.map((object) => ({ ...object, choices: [...choices, ...object.choices] }));
}

/** The input schema of a procedure; undefined when it takes none. */
export const inputOf = (procedure: (typeof procedures)[number][1]) =>
  procedure._def.inputs[0] as Schema | undefined;

/** A copy of the input with something else at that place; what leads there is made where it is missing. */
export function withAt(input: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (name === '*') {
    const [first] = Array.isArray(input) ? (input as unknown[]) : [];
    return [withAt(first, rest, value)];
  }
  const object = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  return { ...object, [name]: withAt(object[name], rest, value) };
}
