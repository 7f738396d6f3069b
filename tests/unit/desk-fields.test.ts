import { describe, expect, it } from 'vitest';
import { fieldProblem, fillFields, keyFor } from '#lib/desk/request-fields.ts';
import { type FieldKind } from '#lib/desk/field-kinds.ts';
import { givenFor, newRequestForm } from '#lib/desk/request-form.ts';
import { editTypeForm } from '#lib/desk/type-inputs.ts';
import { fieldErrors, readForm } from '#lib/ui/form-data.ts';
import { moved, replaced, without } from '#lib/desk/type-editing.ts';
import { DEFAULT_REQUEST_TYPES } from '#lib/settings/default-request-types.ts';

const field = (kind: FieldKind, required = false) => ({ key: 'x', label: 'X', kind, required });

describe('a field of a request', () => {
  it.each([
    ['date', '2026-11-21', '2026-11-31'],
    ['amount', '1250.50', '12,50'],
    ['amount', '0', '-1'],
    ['amount', '999999999999999.99', '1e5'],
    ['yes_no', 'yes', 'perhaps'],
    ['text', '<b>as it is</b> 👍', 'x'.repeat(501)]
  ] as const)('of kind %s takes %s and not what is wrong', (kind, right, wrong) => {
    expect(fieldProblem(field(kind), right)).toBeNull();
    expect(fieldProblem(field(kind), wrong)).not.toBeNull();
    expect(fieldProblem(field(kind), '')).toBeNull();
    expect(fieldProblem(field(kind, true), '')).toBe('Fill this in');
  });

  it('is kept with its words and its value, emptied where nothing was given', () => {
    expect(fillFields([field('text')], { x: '  a ' })).toEqual([{ ...field('text'), value: 'a' }]);
    expect(fillFields([field('text')], {})).toEqual([{ ...field('text'), value: null }]);
    expect(() => fillFields([field('text', true)], { x: ' ' })).toThrow('X: Fill this in');
    expect(() => fillFields([field('text')], { y: 'a' })).toThrow(/no field “y”.*It has: x/);
  });

  it('has a key made of its label, one of its own', () => {
    expect(keyFor('New account number', [])).toBe('new_account_number');
    expect(keyFor('Folio', ['folio', 'folio_2'])).toBe('folio_3');
    expect(keyFor('2nd holder', [])).toBe('field_2nd_holder');
    expect(keyFor('खाता', [])).toBe('field');
    for (const { fields } of DEFAULT_REQUEST_TYPES)
      expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length);
  });
});

describe('the form for a new request', () => {
  const types = [
    { id: 1, fields: [{ ...field('amount', true), key: 'limit' }] },
    { id: 2, fields: [{ ...field('text', true), key: 'folio' }] }
  ];
  const form = newRequestForm(types);
  const problems = (typeId: number, fields: Record<string, string>) =>
    form
      .safeParse({ clientId: 1, typeId, fields })
      .error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? [];

  it('wants the fields of the chosen type', () => {
    expect(problems(1, {})).toEqual([['fields.limit', 'Fill this in']]);
    expect(problems(1, { limit: 'much' })).toEqual([['fields.limit', 'Write an amount like 1250.50']]);
    expect(problems(2, { folio: '1/2' })).toEqual([]);
  });

  it('says so also where something else is missing', () => {
    const { error } = form.safeParse({ typeId: 1, fields: {} }, { reportInput: true });
    expect(Object.keys(fieldErrors(error!)).sort()).toEqual(['clientId', 'fields.limit']);
  });

  it('leaves out what another type asked for', () => {
    expect(givenFor(types, { typeId: 2, fields: { limit: '5', folio: '1/2' } })).toEqual({ folio: '1/2' });
  });
});

describe('the forms of a type', () => {
  it('are read as they are typed', () => {
    const form = new FormData();
    const typed = {
      id: '3',
      version: '2',
      name: 'Pledge',
      defaultTatDays: '8',
      defaultTeamId: '',
      position: '17'
    };
    for (const [name, value] of Object.entries(typed)) form.set(name, value);
    expect(editTypeForm.parse(readForm(editTypeForm, form))).toEqual({
      id: 3,
      version: 2,
      name: 'Pledge',
      defaultTatDays: 8,
      defaultTeamId: null,
      position: 17
    });
  });
});

describe('a list that is edited', () => {
  const list = ['a', 'b', 'c'];
  it('moves an entry by one place, not beyond the ends', () => {
    expect(moved(list, 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(list, 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(list, 0, -1)).toEqual(list);
    expect(moved(list, 2, 1)).toEqual(list);
  });
  it('loses or changes one entry, and says so where it is gone', () => {
    expect(without(list, 1)).toEqual(['a', 'c']);
    expect(replaced(list, 1, 'x')).toEqual(['a', 'x', 'c']);
    for (const at of [-1, 3]) expect(() => without(list, at)).toThrow(/no longer in the list/);
  });
});
