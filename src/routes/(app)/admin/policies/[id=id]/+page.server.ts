import { redirect, type RequestEvent } from '@sveltejs/kit';
import { asChoices } from '#lib/people/pick.ts';
import { targetRows } from '#lib/policies/ladder.ts';
import { runLookedAction, runLookedForm } from '../../look-first.server.ts';
import { editPolicyForm } from '#lib/policies/policy-inputs.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

const id = ({ params }: RequestEvent) => Number(params.id);

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const [policy, choices, people] = await Promise.all([
    api.policies.byId({ id: Number(params.id) }),
    api.policies.choices(),
    api.people.options({})
  ]);
  const values = { ...policy, targets: targetRows(policy.subjectKind, policy.targets) };
  return {
    policy,
    values,
    choices,
    people: asChoices(people),
    deleting: queryOf(url).flag('delete') ?? false
  };
};

export const actions: Actions = {
  save: (event) =>
    runLookedForm(event, editPolicyForm, {
      run: (input, dryRun) => event.locals.api.policies.update({ id: id(event), ...input, dryRun }),
      done: () => redirect(303, `/admin/policies/${id(event)}`)
    }),
  use: (event) =>
    runLookedAction(event, {
      run: (form, dryRun) =>
        event.locals.api.policies.setActive({
          id: id(event),
          version: numberIn(form, 'version'),
          active: form.get('active') === 'true',
          dryRun
        })
    }),
  remove: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.policies.remove({ id: id(event), version: numberIn(form, 'version') });
      redirect(303, '/admin/policies');
    })
};
