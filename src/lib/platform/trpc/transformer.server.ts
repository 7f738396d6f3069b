import superjson, { type SuperJSONResult } from 'superjson';

type Values = Record<string, ['Date'] | ['undefined']>;

const DEEPEST = 50;
/** Keys that the library refuses. */
const REFUSED = new Set(['__proto__', 'constructor', 'prototype']);

const escaped = (key: string) =>
  /[.\\]/.test(key) ? key.replaceAll('\\', '\\\\').replaceAll('.', '\\.') : key;

/** Notes where dates and undefined are; false for what only the library can write. */
function note(value: unknown, path: () => string, values: Values, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (value === undefined) return mark(values, path(), 'undefined');
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (value instanceof Date) return !Number.isNaN(value.getTime()) && mark(values, path(), 'Date');
  return noteInside(value, path, values, depth);
}

function noteInside(value: object, path: () => string, values: Values, depth: number): boolean {
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(([key, item]) => {
    if (REFUSED.has(key)) return false;
    const inside = () => (depth === 0 ? escaped(key) : `${path()}.${escaped(key)}`);
    return note(item, inside, values, depth + 1);
  });
}

function mark(values: Values, path: string, kind: 'Date' | 'undefined'): true {
  values[path] = [kind];
  return true;
}

/**
 * What superjson writes, in a fifth of the time: answers are plain objects with a few dates, and JSON itself writes a
 * date as superjson does. Everything else, and what is not an object, goes to superjson.
 */
export function serialize(value: unknown): SuperJSONResult {
  const values: Values = {};
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Date);
  if (!isObject || !note(value, () => '', values, 0)) return superjson.serialize(value);
  const json = value as SuperJSONResult['json'];
  return Object.keys(values).length > 0 ? { json, meta: { values, v: 1 } } : { json };
}

export const transformer = {
  serialize,
  deserialize: (payload: SuperJSONResult): unknown => superjson.deserialize(payload)
};
