import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, it } from 'vitest';
import { serialize } from '#lib/platform/trpc/transformer.server.ts';

const overTheWire = (value: unknown) =>
  superjson.deserialize(JSON.parse(JSON.stringify(serialize(value))) as SuperJSONResult);

const at = new Date('2026-11-20T09:30:00.123Z');
const circular: Record<string, unknown> = { name: 'Asha' };
circular.self = circular;

describe('Answers', () => {
  it.each([
    ['plain', { items: [{ id: 1, name: 'Asha', tags: [] }], nextCursor: null, total: 1 }],
    ['with dates', { at, items: [{ at }, { at: null }], list: [at, [at]] }],
    ['with what is not there', { gone: undefined, list: [undefined, 1] }],
    ['with dots and backslashes in keys', { 'a.b': { 'c\\d': at }, 'e\\.f': undefined }],
    ['with what JSON has no word for', { n: NaN, zero: -0, set: new Set([1]), map: new Map([['a', at]]) }],
    ['that are no objects', at],
    ['that are nothing', undefined],
    ['that are a list', [at, { at }]]
  ])('%s arrive as they were sent', (_, value) => {
    expect(overTheWire(value)).toStrictEqual(value);
  });

  it('are written as superjson writes them', () => {
    const value = { at, items: [{ id: 1, at, gone: undefined, 'a.b': new Date(0) }] };
    const ours = JSON.parse(JSON.stringify(serialize(value))) as { meta: unknown };
    expect(ours.meta).toEqual({ ...superjson.serialize(value).meta, referentialEqualities: undefined });
  });

  it('that hold themselves, or an invalid date, are left to superjson', () => {
    expect(serialize(circular)).toEqual(superjson.serialize(circular));
    const invalid = { at: new Date(NaN) };
    expect(serialize(invalid)).toEqual(superjson.serialize(invalid));
  });
});
