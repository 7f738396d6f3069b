import { z } from 'zod';
import { openRequestInput, updateRequestInput } from './inputs.ts';
import { fieldProblems, type RequestField } from './request-fields.ts';

/** The fields of several types by key, none of them compulsory: which are depends on the type chosen. */
const shapeOf = (fields: readonly RequestField[]) =>
  z.strictObject(Object.fromEntries(fields.map(({ key }) => [key, z.string().trim().max(1000).optional()])));

type Given = Record<string, string | undefined> | undefined;

interface Issues {
  issues: unknown[];
}

const check = (fields: readonly RequestField[], given: Given, { issues }: Issues) => {
  for (const [key, message] of fieldProblems(fields, given ?? {}))
    issues.push({ code: 'custom', path: ['fields', key], message, input: given?.[key] });
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
    .check(({ value, issues }) => {
      const type = types.find(({ id }) => id === value.typeId);
      check(type?.fields ?? [], value.fields, { issues });
    });

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
    .check(({ value, issues }) => check(fields, value.fields, { issues }));

/** The values of a request's fields as the form starts with them. */
export const valuesOf = (fields: readonly (RequestField & { value: string | null })[]) =>
  Object.fromEntries(fields.map(({ key, value }) => [key, value ?? '']));
