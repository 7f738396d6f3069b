import { SUBJECT_KINDS } from '#lib/clocks/model.ts';
import { CRITERIA_OF } from '#lib/policies/criteria.ts';
import { runLookedAction } from '../look-first.server.ts';
import { PRIORITIES } from '#lib/desk/model.ts';
import { numberIn } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

/** What the tester asks: only what records of that kind have. */
function askedIn(url: URL) {
  const asked = queryOf(url);
  const subjectKind = asked.oneOf('kind', SUBJECT_KINDS);
  if (!subjectKind) return null;
  const all = {
    requestTypeId: asked.id('type'),
    priority: asked.oneOf('priority', PRIORITIES),
    clientTier: asked.text('tier'),
    clientTag: asked.text('tag'),
    teamId: asked.id('team')
  };
  const had = CRITERIA_OF[subjectKind];
  const given = Object.entries(all).filter(([name]) => had.some((one) => one === name));
  return { subjectKind, ...(Object.fromEntries(given) as Partial<typeof all>) };
}

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const asked = askedIn(url);
  const [policies, choices, tried] = await Promise.all([
    api.policies.list(),
    api.policies.choices(),
    asked && api.policies.match(asked)
  ]);
  return { policies, choices, asked, tried };
};

export const actions: Actions = {
  move: (event) =>
    runLookedAction(event, {
      run: (form, dryRun) => {
        const by = form.get('by') === '1' ? 1 : -1;
        return event.locals.api.policies.move({ id: numberIn(form, 'id'), by, dryRun });
      }
    })
};
