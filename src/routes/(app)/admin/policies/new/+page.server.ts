import { redirect } from '@sveltejs/kit';
import { SUBJECT_KINDS } from '#lib/clocks/model.ts';
import { asChoices } from '#lib/people/pick.ts';
import { firstSteps, targetRows } from '#lib/policies/ladder.ts';
import { runLookedForm } from '../../look-first.server.ts';
import { newPolicyForm } from '#lib/policies/policy-inputs.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const kind = queryOf(url).oneOf('kind', SUBJECT_KINDS) ?? 'request';
  const [choices, people] = await Promise.all([api.policies.choices(), api.people.options({})]);
  return {
    kind,
    choices,
    people: asChoices(people),
    values: {
      calendarId: choices.calendars[0]?.id,
      pausesClient: true,
      pausesThirdParty: false,
      workingHoursOnly: true,
      targets: targetRows(kind),
      steps: firstSteps(kind)
    }
  };
};

export const actions: Actions = {
  default: (event) =>
    runLookedForm(event, newPolicyForm, {
      run: (input, dryRun) => event.locals.api.policies.create({ ...input, dryRun }),
      done: ({ id }) => redirect(303, `/admin/policies/${id}`)
    })
};
