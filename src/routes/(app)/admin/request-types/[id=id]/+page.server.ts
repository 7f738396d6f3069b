import { redirect, type RequestEvent } from '@sveltejs/kit';
import { keyFor } from '#lib/desk/request-fields.ts';
import { moved, replaced, without } from '#lib/desk/type-editing.ts';
import { fieldInput, stepInput } from '#lib/desk/type-inputs.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const id = ({ params }: RequestEvent) => Number(params.id);

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const asked = queryOf(url);
  return {
    type: await api.requestTypes.byId({ id: Number(params.id) }),
    /** The step or field whose form is open, counted from 1. */
    step: asked.id('step') ?? null,
    field: asked.id('field') ?? null
  };
};

type Type = Awaited<ReturnType<Api['requestTypes']['byId']>>;
type Changes = Partial<Pick<Type, 'checklist' | 'fields' | 'active'>>;

/** Changes the type as the page showed it; `n` in the form is the place of a step or a field, from 0. */
async function change(event: RequestEvent, version: number, work: (type: Type) => Changes) {
  const { api } = event.locals;
  const type = await api.requestTypes.byId({ id: id(event) });
  await api.requestTypes.update({ id: type.id, version, ...work(type) });
}

const by = (form: FormData) => (form.get('by') === '1' ? 1 : -1);

/** A small form of the lists: its version, its place, and what to do. */
const listAction = (work: (type: Type, n: number, form: FormData) => Changes) => (event: RequestEvent) =>
  runAction(event, (form) =>
    change(event, numberIn(form, 'version'), (type) => work(type, numberIn(form, 'n'), form))
  );

const page = (event: RequestEvent) => `/admin/request-types/${event.params.id ?? ''}`;

/** The hidden inputs of a form with fields; its `n` is empty where something is added. */
async function placeOf(event: RequestEvent) {
  const form = await event.request.clone().formData();
  const n = form.get('n');
  return { version: numberIn(form, 'version'), n: n ? Number(n) : null };
}

export const actions: Actions = {
  step: async (event) => {
    const { version, n } = await placeOf(event);
    return runForm(event, stepInput, async ({ label }) => {
      await change(event, version, ({ checklist }) => ({
        checklist: n === null ? [...checklist, label] : replaced(checklist, n, label)
      }));
      if (n !== null) redirect(303, page(event));
    });
  },
  field: async (event) => {
    const { version, n } = await placeOf(event);
    return runForm(event, fieldInput, async (input) => {
      await change(event, version, ({ fields }) => {
        if (n !== null) return { fields: replaced(fields, n, { key: fields[n]?.key ?? '', ...input }) };
        const taken = fields.map(({ key }) => key);
        return { fields: [...fields, { key: keyFor(input.label, taken), ...input }] };
      });
      if (n !== null) redirect(303, page(event));
    });
  },
  moveStep: listAction(({ checklist }, n, form) => ({ checklist: moved(checklist, n, by(form)) })),
  removeStep: listAction(({ checklist }, n) => ({ checklist: without(checklist, n) })),
  moveField: listAction(({ fields }, n, form) => ({ fields: moved(fields, n, by(form)) })),
  removeField: listAction(({ fields }, n) => ({ fields: without(fields, n) })),
  offer: (event) =>
    runAction(event, (form) =>
      change(event, numberIn(form, 'version'), () => ({ active: form.get('active') === 'true' }))
    ),
  remove: (event) =>
    runAction(event, async () => {
      await event.locals.api.requestTypes.remove({ id: id(event) });
      redirect(303, '/admin/request-types');
    })
};
