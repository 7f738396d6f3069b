import { z } from 'zod';
import { openRequestInput, updateRequestInput } from './inputs.ts';
import { fieldProblem, type RequestField } from './request-fields.ts';

/** The fields of several types by key, none of them compulsory: which are depends on the type chosen. */
const shapeOf = (fields: readonly RequestField[]) =>
  z.strictObject(Object.fromEntries(fields.map(({ key }) => [key, z.string().trim().max(1000).optional()])));

type Given = Record<string, string | undefined> | undefined;

interface Filled {
  typeId?: unknown;
  fields?: Given;
}

/** Says what is wrong with a field, also where other parts of the form are wrong. */
const checked = (field: RequestField, applies: (input: Filled) => boolean) => {
  const problem = (input: Filled) =>
    applies(input) ? fieldProblem(field, (input.fields?.[field.key] ?? '').trim()) : null;
  return z.refine((input) => problem(input as Filled) === null, {
    path: ['fields', field.key],
    when: () => true,
    error: ({ input }) => problem(input as Filled) ?? ''
  });
};

interface Type {
  id: number;
  fields: RequestField[];
}

/** What the form for a new request holds: that of the procedure, with the fields each type asks for. */
export const newRequestForm = (types: readonly Type[]) =>
  openRequestInput
    .omit({ fields: true })
    .extend({ fields: shapeOf(types.flatMap(({ fields }) => fields)) })
    .check(
      ...types.flatMap(({ id, fields }) =>
        fields.map((field) => checked(field, ({ typeId }) => typeId === id))
      )
    );

/** What was given for the fields of the chosen type; a form without JavaScript may still hold those of another. */
export function givenFor(types: readonly Type[], { typeId, fields }: { typeId: number; fields: Given }) {
  const keys = types.find(({ id }) => id === typeId)?.fields.map(({ key }) => key) ?? [];
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([key]) => keys.includes(key)));
}

/** The same for a request that has its fields. */
export const editRequestForm = (fields: readonly RequestField[]) =>
  updateRequestInput
    .omit({ fields: true })
    .extend({ fields: shapeOf(fields) })
    .check(...fields.map((field) => checked(field, () => true)));

/** The values of a request's fields as the form starts with them. */
export const valuesOf = (fields: readonly (RequestField & { value: string | null })[]) =>
  Object.fromEntries(fields.map(({ key, value }) => [key, value ?? '']));
