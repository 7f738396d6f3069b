import { error } from '@sveltejs/kit';
import { ATTENTION } from '#lib/clients/attention.ts';
import { CLIENT_SORTS, REVIEW_DUE, SHOWN_LIFECYCLES } from '#lib/clients/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, url }) => {
  const query = queryOf(url);
  const filter = {
    q: query.text('q'),
    rmId: query.id('rm'),
    type: query.text('type'),
    tier: query.text('tier'),
    tag: query.text('tag'),
    language: query.text('language'),
    attention: query.oneOf('attention', ATTENTION),
    reviewDue: query.oneOf('reviewDue', REVIEW_DUE),
    lifecycle: query.oneOf('lifecycle', SHOWN_LIFECYCLES)
  };
  const [clients, lists, colleagues, facets] = await Promise.all([
    api.clients.list({ filter, sort: query.sort(CLIENT_SORTS), cursor: query.cursor }),
    api.settings.lists(),
    api.people.options({ function: 'rm', mine: true }),
    api.clients.facets()
  ]);
  return { filter, clients, lists, colleagues, facets };
};

function idsIn(form: FormData): number[] {
  const ids = form.getAll('ids').map(Number);
  if (ids.length === 0) error(400, 'Select at least one first.');
  return ids;
}

export const actions: Actions = {
  assign: (event) =>
    runAction(event, async (form) => {
      if (!form.get('rmId')) error(400, 'Choose whom to give them to.');
      await event.locals.api.clients.assign({ ids: idsIn(form), primaryRmId: numberIn(form, 'rmId') });
    }),
  tag: (event) =>
    runAction(event, async (form) => {
      const tag = form.get('tag');
      if (typeof tag !== 'string' || !tag.trim()) error(400, 'Write the tag first.');
      await event.locals.api.clients.addTag({ ids: idsIn(form), tag });
    })
};
