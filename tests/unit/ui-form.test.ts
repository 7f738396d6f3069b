import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldErrors, isRequired, readForm, ZONE_FIELD } from '#lib/ui/form-data.ts';

const schema = z.strictObject({
  id: z.number().int(),
  name: z.string().trim().min(1).max(10),
  email: z.email().nullable(),
  mode: z.enum(['call', 'mail']).optional(),
  followUp: z.date().nullish(),
  held: z.iso.date().optional(),
  hot: z.boolean(),
  tags: z.array(z.string()),
  rmIds: z.array(z.number()).optional(),
  address: z.strictObject({ city: z.string().optional(), pin: z.number().nullable() }).optional()
});

function posted(entries: Record<string, string | string[]>): FormData {
  const form = new FormData();
  for (const [name, values] of Object.entries(entries)) {
    for (const value of [values].flat()) form.append(name, value);
  }
  return form;
}

describe('a posted form', () => {
  it('is read by the shape of its schema', () => {
    const form = posted({
      id: '7',
      name: ' Rao ',
      email: '',
      mode: '',
      followUp: '2026-11-21T17:30',
      hot: 'on',
      tags: ['a', '', 'b'],
      rmIds: ['1', '2'],
      'address.city': 'Pune',
      'address.pin': '',
      [ZONE_FIELD]: 'Asia/Kolkata'
    });
    expect(schema.parse(readForm(schema, form))).toEqual({
      id: 7,
      name: 'Rao',
      email: null,
      followUp: new Date('2026-11-21T12:00:00Z'),
      hot: true,
      tags: ['a', 'b'],
      rmIds: [1, 2],
      address: { city: 'Pune', pin: null }
    });
  });

  it('leaves out what it does not have, so that an update touches nothing else', () => {
    expect(readForm(schema, posted({ id: '7' }))).toEqual({ id: 7, hot: false, tags: [] });
  });

  it('ignores what the schema does not name', () => {
    expect(readForm(schema, posted({ id: '7', admin: 'true' }))).not.toHaveProperty('admin');
  });

  it('hands nonsense on for the schema to refuse, never as a number', () => {
    expect(readForm(schema, posted({ id: 'seven' }))).toMatchObject({ id: 'seven' });
    expect(schema.safeParse(readForm(schema, posted({ id: '7', name: '', email: 'x' }))).success).toBe(false);
  });
});

describe('the mark of a required field', () => {
  it('follows from the schema', () => {
    expect(isRequired(schema, 'name')).toBe(true);
    expect(isRequired(schema, 'id')).toBe(true);
    expect(isRequired(schema, 'email')).toBe(false);
    expect(isRequired(schema, 'mode')).toBe(false);
    expect(isRequired(schema, 'hot')).toBe(false);
    expect(isRequired(schema, 'address.city')).toBe(false);
    expect(isRequired(schema, 'unknown')).toBe(false);
  });
});

describe('messages beside fields', () => {
  it('are for people, and keep the words of the domain', () => {
    const strict = z.strictObject({
      name: z.string().min(1),
      nick: z.string().max(3),
      email: z.email(),
      rm: z.number(),
      mode: z.enum(['call']),
      pan: z.string().regex(/^P/, 'The fourth letter must be P')
    });
    const result = strict.safeParse(
      { name: '', nick: 'long', email: 'x', mode: 'fax', pan: 'A' },
      { reportInput: true }
    );
    expect(result.error && fieldErrors(result.error)).toEqual({
      name: ['Fill this in'],
      nick: ['At most 3 characters'],
      email: ['Write an address like name@example.com'],
      rm: ['Fill this in'],
      mode: ['Choose one of the list'],
      pan: ['The fourth letter must be P']
    });
  });

  it('name nested fields with dots', () => {
    const result = schema.safeParse({ address: { pin: 'x' } }, { reportInput: true });
    expect(result.error && Object.keys(fieldErrors(result.error))).toContain('address.pin');
  });
});
